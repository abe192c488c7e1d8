/** What a migration says about itself: plan, status and report. */
@NullMarked
package com.matih.tenantmigration.workflow.report;

import org.jspecify.annotations.NullMarked;

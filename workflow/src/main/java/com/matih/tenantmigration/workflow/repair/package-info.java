/** Finishing what a migration could not: what is asked, what is found and what became of it. */
@NullMarked
package com.matih.tenantmigration.workflow.repair;

import org.jspecify.annotations.NullMarked;

/** What is known of a running migration, and its way into the control plane and Temporal's UI. */
@NullMarked
package com.matih.tenantmigration.workflow.log;

import org.jspecify.annotations.NullMarked;

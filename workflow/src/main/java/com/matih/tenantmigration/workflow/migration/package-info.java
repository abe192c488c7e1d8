/** The migration of one tenant, phase by phase, its rollback, and its repair. */
@NullMarked
package com.matih.tenantmigration.workflow.migration;

import org.jspecify.annotations.NullMarked;

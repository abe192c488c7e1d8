/** How long a copy takes and how long a tenant is read-only, before it is known. */
@NullMarked
package com.matih.tenantmigration.workflow.report.forecast;

import org.jspecify.annotations.NullMarked;

/** The dedicated schema built on trial, without rows, before the tenant is made read-only. */
@NullMarked
package com.matih.tenantmigration.activities.postgres.rehearsal;

import org.jspecify.annotations.NullMarked;

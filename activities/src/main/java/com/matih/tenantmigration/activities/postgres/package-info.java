/** PostgreSQL: the tenant's rows or schema. */
@NullMarked
package com.matih.tenantmigration.activities.postgres;

import org.jspecify.annotations.NullMarked;

/** The tables of the shared database: which of them move, by which rule rows are the tenant's. */
@NullMarked
package com.matih.tenantmigration.activities.postgres.catalog;

import org.jspecify.annotations.NullMarked;

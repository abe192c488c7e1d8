/** Which tables and rows of the shared database are the tenant's, and what stands against them. */
@NullMarked
package com.matih.tenantmigration.activities.postgres.ownership;

import org.jspecify.annotations.NullMarked;

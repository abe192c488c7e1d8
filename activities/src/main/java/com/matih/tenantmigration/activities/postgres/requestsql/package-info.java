/** A request's SQL: examined by the server before it runs, and run where it can change nothing. */
@NullMarked
package com.matih.tenantmigration.activities.postgres.requestsql;

import org.jspecify.annotations.NullMarked;

/** PostgreSQL's benchmark: its servers, the shared database, and those that copy a tenant of it. */
@NullMarked
package com.matih.tenantmigration.benchmarks.postgres;

import org.jspecify.annotations.NullMarked;

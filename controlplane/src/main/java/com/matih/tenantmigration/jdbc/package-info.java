/** SQL over a connection, for all modules that speak to PostgreSQL. */
@NullMarked
package com.matih.tenantmigration.jdbc;

import org.jspecify.annotations.NullMarked;

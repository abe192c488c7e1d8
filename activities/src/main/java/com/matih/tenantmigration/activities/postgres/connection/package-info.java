/** How connections to PostgreSQL end: by the cancel of the work that opened them, or by silence. */
@NullMarked
package com.matih.tenantmigration.activities.postgres.connection;

import org.jspecify.annotations.NullMarked;

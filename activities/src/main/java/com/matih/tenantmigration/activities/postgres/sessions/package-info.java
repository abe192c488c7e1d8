/** Who is connected to a PostgreSQL database, what they hold, and how they are ended. */
@NullMarked
package com.matih.tenantmigration.activities.postgres.sessions;

import org.jspecify.annotations.NullMarked;

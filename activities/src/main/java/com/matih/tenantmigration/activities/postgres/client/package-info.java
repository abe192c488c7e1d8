/** Connections to PostgreSQL: how they are opened and set up, and how they end. */
@NullMarked
package com.matih.tenantmigration.activities.postgres.client;

import org.jspecify.annotations.NullMarked;

/** PostgreSQL's client programs on the worker's machine, and how they are run. */
@NullMarked
package com.matih.tenantmigration.activities.postgres.programs;

import org.jspecify.annotations.NullMarked;

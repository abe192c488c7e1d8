/** How the control plane's database is reached, in bounded time, and what its failures mean. */
@NullMarked
package com.matih.tenantmigration.controlplane.database;

import org.jspecify.annotations.NullMarked;

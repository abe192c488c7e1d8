/** What the platform remembers: tenant configuration, audit trail, and one record a migration. */
@NullMarked
package com.matih.tenantmigration.controlplane;

import org.jspecify.annotations.NullMarked;

/** How long a tenant is read-only: migrations of the devstack's sample, measured. */
@NullMarked
package com.matih.tenantmigration.devstack.benchmark;

import org.jspecify.annotations.NullMarked;

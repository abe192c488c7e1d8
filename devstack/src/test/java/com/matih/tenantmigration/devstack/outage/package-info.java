/** What becomes of tenants whose stores go away in the middle of their migrations. */
@NullMarked
package com.matih.tenantmigration.devstack.outage;

import org.jspecify.annotations.NullMarked;

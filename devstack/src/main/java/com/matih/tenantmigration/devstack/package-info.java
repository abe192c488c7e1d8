/** The whole system on one machine: embedded real servers, sample tenants, a worker, a demo. */
@NullMarked
package com.matih.tenantmigration.devstack;

import org.jspecify.annotations.NullMarked;

/** The sample tenants' data in all stores of the shared cluster, the same for the same seed. */
@NullMarked
package com.matih.tenantmigration.devstack.sample;

import org.jspecify.annotations.NullMarked;

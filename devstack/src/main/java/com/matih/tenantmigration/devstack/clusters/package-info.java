/** The two sides, shared and dedicated: their addresses and plain clients for them. */
@NullMarked
package com.matih.tenantmigration.devstack.clusters;

import org.jspecify.annotations.NullMarked;

/** Faults that the demo plants, one for each check to find. */
@NullMarked
package com.matih.tenantmigration.devstack.faults;

import org.jspecify.annotations.NullMarked;

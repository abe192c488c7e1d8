/** The tenant's configuration: freeze, switch and back. */
@NullMarked
package com.matih.tenantmigration.activities.tenantconfig;

import org.jspecify.annotations.NullMarked;

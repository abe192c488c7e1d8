/** The values that a workload writes. */
@NullMarked
package com.matih.tenantmigration.embedded.workload.values;

import org.jspecify.annotations.NullMarked;

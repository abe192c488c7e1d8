/** Child processes: how servers are launched, watched and ended. */
@NullMarked
package com.matih.tenantmigration.embedded.process;

import org.jspecify.annotations.NullMarked;

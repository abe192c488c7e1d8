/** Real servers for tests and the devstack, on a machine without containers. */
@NullMarked
package com.matih.tenantmigration.embedded;

import org.jspecify.annotations.NullMarked;

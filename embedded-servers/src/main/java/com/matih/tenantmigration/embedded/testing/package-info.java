/** Servers that the tests of one JVM share. */
@NullMarked
package com.matih.tenantmigration.embedded.testing;

import org.jspecify.annotations.NullMarked;

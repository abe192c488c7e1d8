/** The mains of servers that run in a JVM of their own, a child of the one that starts them. */
@NullMarked
package com.matih.tenantmigration.embedded.child;

import org.jspecify.annotations.NullMarked;

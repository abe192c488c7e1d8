/** Starts and steers migrations: the Java client that other services use. */
@NullMarked
package com.matih.tenantmigration.starter;

import org.jspecify.annotations.NullMarked;

/** The command line on top of the Java client. */
@NullMarked
package com.matih.tenantmigration.starter.cli;

import org.jspecify.annotations.NullMarked;

/** What the commands share: connections, options, output and exit codes. */
@NullMarked
package com.matih.tenantmigration.starter.cli.base;

import org.jspecify.annotations.NullMarked;

/** The commands of operators, one class each. */
@NullMarked
package com.matih.tenantmigration.starter.cli.commands;

import org.jspecify.annotations.NullMarked;

/**
 * The command that times this program's engines beside what is used for the same work otherwise.
 */
@NullMarked
package com.matih.tenantmigration.benchmarks;

import org.jspecify.annotations.NullMarked;

/** The cache: our engines beside a pipeline of SET. */
@NullMarked
package com.matih.tenantmigration.benchmarks.redis;

import org.jspecify.annotations.NullMarked;

/** Documents: our engines beside a loop of scroll and bulk. */
@NullMarked
package com.matih.tenantmigration.benchmarks.elasticsearch;

import org.jspecify.annotations.NullMarked;

/** What a worker counts and measures of migrations, for Prometheus. */
@NullMarked
package com.matih.tenantmigration.worker.metrics;

import org.jspecify.annotations.NullMarked;

/** Records: our engines beside a loop of a consumer and a producer. */
@NullMarked
package com.matih.tenantmigration.benchmarks.kafka;

import org.jspecify.annotations.NullMarked;

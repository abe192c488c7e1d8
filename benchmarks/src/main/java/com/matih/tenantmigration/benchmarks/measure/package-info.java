/** What a step costs in time, processors and memory, and how steps compare. */
@NullMarked
package com.matih.tenantmigration.benchmarks.measure;

import org.jspecify.annotations.NullMarked;

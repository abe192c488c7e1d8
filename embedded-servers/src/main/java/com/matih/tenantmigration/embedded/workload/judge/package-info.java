/**
 * Compares what workloads noted with what is there. It reads by queries of its own, and shares no
 * code with the migration or with what the workloads write by.
 */
@NullMarked
package com.matih.tenantmigration.embedded.workload.judge;

import org.jspecify.annotations.NullMarked;

/** The worker process: its configuration, what it wires together, metrics, health and shutdown. */
@NullMarked
package com.matih.tenantmigration.worker;

import org.jspecify.annotations.NullMarked;

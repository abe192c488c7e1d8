/** Between the engines and Temporal: heartbeats, cancellation and failure types. */
@NullMarked
package com.matih.tenantmigration.activities.temporal;

import org.jspecify.annotations.NullMarked;

/** The checks on records and groups: both sides read again and compared. */
@NullMarked
package com.matih.tenantmigration.activities.kafka.compare;

import org.jspecify.annotations.NullMarked;

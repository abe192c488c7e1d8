/** The dedicated topics: created or taken over, finalized, removed in a rollback. */
@NullMarked
package com.matih.tenantmigration.activities.kafka.provision;

import org.jspecify.annotations.NullMarked;

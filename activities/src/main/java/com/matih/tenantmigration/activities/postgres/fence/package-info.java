/**
 * The write fence: triggers that refuse one tenant's writes, how they are raised, released,
 * removed.
 */
@NullMarked
package com.matih.tenantmigration.activities.postgres.fence;

import org.jspecify.annotations.NullMarked;

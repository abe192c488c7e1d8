/** Ends what was followed: under the fence, makes the dedicated database whole. */
@NullMarked
package com.matih.tenantmigration.activities.postgres.drain;

import org.jspecify.annotations.NullMarked;

/** Redis: the tenant's cache, warmed. */
@NullMarked
package com.matih.tenantmigration.activities.redis;

import org.jspecify.annotations.NullMarked;

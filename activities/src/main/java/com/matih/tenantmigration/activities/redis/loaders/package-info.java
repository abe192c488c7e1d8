/** What a request's loaders make of the dedicated database's rows: keys and their content. */
@NullMarked
package com.matih.tenantmigration.activities.redis.loaders;

import org.jspecify.annotations.NullMarked;

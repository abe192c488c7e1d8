/**
 * Follows the tenant's documents while the tenant works, until the last of them is carried over.
 */
@NullMarked
package com.matih.tenantmigration.activities.elasticsearch.follow;

import org.jspecify.annotations.NullMarked;

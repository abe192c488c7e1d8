/** Elasticsearch: the tenant's documents. */
@NullMarked
package com.matih.tenantmigration.activities.elasticsearch;

import org.jspecify.annotations.NullMarked;

/** An Elasticsearch cluster: requests, documents, aliases, and what fails in it. */
@NullMarked
package com.matih.tenantmigration.activities.elasticsearch.client;

import org.jspecify.annotations.NullMarked;

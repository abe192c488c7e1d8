/** The copy of documents. */
@NullMarked
package com.matih.tenantmigration.activities.elasticsearch.copy;

import org.jspecify.annotations.NullMarked;

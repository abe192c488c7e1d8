/** The checks on documents: both sides read again and compared. */
@NullMarked
package com.matih.tenantmigration.activities.elasticsearch.compare;

import org.jspecify.annotations.NullMarked;

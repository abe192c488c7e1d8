/** A snapshot's folder in a bucket. */
@NullMarked
package com.matih.tenantmigration.activities.objectstorage.snapshot;

import org.jspecify.annotations.NullMarked;

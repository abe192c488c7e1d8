/** The checks on objects: both sides listed and read again and compared. */
@NullMarked
package com.matih.tenantmigration.activities.objectstorage.compare;

import org.jspecify.annotations.NullMarked;

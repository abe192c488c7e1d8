/** The copy of objects. */
@NullMarked
package com.matih.tenantmigration.activities.objectstorage.copy;

import org.jspecify.annotations.NullMarked;

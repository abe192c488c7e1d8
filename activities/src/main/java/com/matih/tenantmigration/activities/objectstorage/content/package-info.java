/** The content and attributes of one object: read, written, read back. */
@NullMarked
package com.matih.tenantmigration.activities.objectstorage.content;

import org.jspecify.annotations.NullMarked;

/** S3: the tenant's objects. */
@NullMarked
package com.matih.tenantmigration.activities.objectstorage;

import org.jspecify.annotations.NullMarked;

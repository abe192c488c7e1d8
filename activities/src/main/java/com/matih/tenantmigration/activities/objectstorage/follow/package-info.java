/** Follows the tenant's objects while the tenant works, in passes over what the source lists. */
@NullMarked
package com.matih.tenantmigration.activities.objectstorage.follow;

import org.jspecify.annotations.NullMarked;

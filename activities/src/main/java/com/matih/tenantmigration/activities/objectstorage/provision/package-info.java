/** The dedicated bucket: created or taken over, emptied in a rollback. */
@NullMarked
package com.matih.tenantmigration.activities.objectstorage.provision;

import org.jspecify.annotations.NullMarked;

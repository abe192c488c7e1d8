package com.matih.tenantmigration.activities.objectstorage.follow;

import com.matih.tenantmigration.activities.objectstorage.client.ObjectEntry;

/**
 * An object of the source as a pass finds it.
 *
 * @param isYoung whether it was written so shortly before it was listed that a later write may show
 *     the same time
 */
record Listed(ObjectEntry object, boolean isYoung) {}

/** One prefix in one bucket: clients, listings, failures, and what is written down about them. */
@NullMarked
package com.matih.tenantmigration.activities.objectstorage.client;

import org.jspecify.annotations.NullMarked;

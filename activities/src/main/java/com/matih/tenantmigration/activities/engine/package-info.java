/** What the engines of all stores share; no store's client and no Temporal type is here. */
@NullMarked
package com.matih.tenantmigration.activities.engine;

import org.jspecify.annotations.NullMarked;

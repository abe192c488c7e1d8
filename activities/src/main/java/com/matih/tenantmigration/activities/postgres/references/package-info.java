/** References from rows to objects in the storage, and how they are rewritten. */
@NullMarked
package com.matih.tenantmigration.activities.postgres.references;

import org.jspecify.annotations.NullMarked;

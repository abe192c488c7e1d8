/** The snapshot: the archived schema, the files and the manifest that seals them. */
@NullMarked
package com.matih.tenantmigration.activities.postgres.snapshot;

import org.jspecify.annotations.NullMarked;

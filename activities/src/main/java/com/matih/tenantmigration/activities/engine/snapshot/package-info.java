/** Where the files of a snapshot are kept. */
@NullMarked
package com.matih.tenantmigration.activities.engine.snapshot;

import org.jspecify.annotations.NullMarked;

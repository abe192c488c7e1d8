/** How long a copy takes, by a moment's reading. */
@NullMarked
package com.matih.tenantmigration.activities.engine.forecast;

import org.jspecify.annotations.NullMarked;

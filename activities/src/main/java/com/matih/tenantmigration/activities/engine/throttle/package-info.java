/** How gently the shared side is read. */
@NullMarked
package com.matih.tenantmigration.activities.engine.throttle;

import org.jspecify.annotations.NullMarked;

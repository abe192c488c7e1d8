/** Secret references, resolved at the last moment. */
@NullMarked
package com.matih.tenantmigration.activities.secrets;

import org.jspecify.annotations.NullMarked;

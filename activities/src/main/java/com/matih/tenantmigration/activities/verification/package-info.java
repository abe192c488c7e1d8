/** The checks, one class each. */
@NullMarked
package com.matih.tenantmigration.activities.verification;

import org.jspecify.annotations.NullMarked;

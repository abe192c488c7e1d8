/** What tests of several stores share. */
@NullMarked
package com.matih.tenantmigration.activities.testing;

import org.jspecify.annotations.NullMarked;

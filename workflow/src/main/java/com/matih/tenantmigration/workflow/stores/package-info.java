/** What each store does in each phase of a migration, and how that is rolled back. */
@NullMarked
package com.matih.tenantmigration.workflow.stores;

import org.jspecify.annotations.NullMarked;

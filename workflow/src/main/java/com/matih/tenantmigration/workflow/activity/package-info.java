/** What the workflow asks of the world, one interface a store. */
@NullMarked
package com.matih.tenantmigration.workflow.activity;

import org.jspecify.annotations.NullMarked;

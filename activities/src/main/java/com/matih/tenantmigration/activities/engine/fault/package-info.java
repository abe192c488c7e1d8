/** Named places of the engines at which a test can let something go wrong. */
@NullMarked
package com.matih.tenantmigration.activities.engine.fault;

import org.jspecify.annotations.NullMarked;

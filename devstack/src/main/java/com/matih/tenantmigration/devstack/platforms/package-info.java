/** Sample platforms that are built like real products, beside the one with data in all stores. */
@NullMarked
package com.matih.tenantmigration.devstack.platforms;

import org.jspecify.annotations.NullMarked;

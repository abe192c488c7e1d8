/** The demo: a migration of a sample tenant, whose claims are proven against the real servers. */
@NullMarked
package com.matih.tenantmigration.devstack.demo;

import org.jspecify.annotations.NullMarked;

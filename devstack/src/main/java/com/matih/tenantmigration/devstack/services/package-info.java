/** The sample platform's services: they serve each tenant from wherever its configuration says. */
@NullMarked
package com.matih.tenantmigration.devstack.services;

import org.jspecify.annotations.NullMarked;

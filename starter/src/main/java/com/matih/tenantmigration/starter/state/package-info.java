/** Where a migration is at one moment: what the client answers and the texts show. */
@NullMarked
package com.matih.tenantmigration.starter.state;

import org.jspecify.annotations.NullMarked;

/** What a migration remembers in the dedicated database: who may write, and what has arrived. */
@NullMarked
package com.matih.tenantmigration.activities.postgres.ledger;

import org.jspecify.annotations.NullMarked;

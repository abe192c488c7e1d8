/** Names and literals as SQL text: what every statement of the engine is made of. */
@NullMarked
package com.matih.tenantmigration.activities.postgres.sql;

import org.jspecify.annotations.NullMarked;

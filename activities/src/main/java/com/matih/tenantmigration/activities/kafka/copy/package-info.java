/** The replay of records and the translation of group positions. */
@NullMarked
package com.matih.tenantmigration.activities.kafka.copy;

import org.jspecify.annotations.NullMarked;

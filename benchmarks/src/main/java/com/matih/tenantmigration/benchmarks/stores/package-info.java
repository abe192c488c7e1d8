/** What the benchmarks of objects, records, documents and the cache share. */
@NullMarked
package com.matih.tenantmigration.benchmarks.stores;

import org.jspecify.annotations.NullMarked;

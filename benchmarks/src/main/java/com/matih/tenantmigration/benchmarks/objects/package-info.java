/** Objects: our engines beside a loop of GET and PUT. */
@NullMarked
package com.matih.tenantmigration.benchmarks.objects;

import org.jspecify.annotations.NullMarked;

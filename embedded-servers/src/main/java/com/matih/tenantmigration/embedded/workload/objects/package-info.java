/** A tenant that writes objects, and a judge of where they are. */
@NullMarked
package com.matih.tenantmigration.embedded.workload.objects;

import org.jspecify.annotations.NullMarked;

/** What a worker is told in confidence is nowhere but in its memory. */
@NullMarked
package com.matih.tenantmigration.worker.secrets;

import org.jspecify.annotations.NullMarked;

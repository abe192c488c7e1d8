/** Plans, progress and reports as people read them. */
@NullMarked
package com.matih.tenantmigration.starter.text;

import org.jspecify.annotations.NullMarked;

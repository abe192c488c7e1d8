/** The report as one page that needs nothing but itself. */
@NullMarked
package com.matih.tenantmigration.starter.html;

import org.jspecify.annotations.NullMarked;

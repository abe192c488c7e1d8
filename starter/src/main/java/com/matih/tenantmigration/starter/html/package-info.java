/** The report as one self-contained page. */
@NullMarked
package com.matih.tenantmigration.starter.html;

import org.jspecify.annotations.NullMarked;

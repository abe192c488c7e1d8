/** Programs and archives that servers are run from, found on the machine or in the build. */
@NullMarked
package com.matih.tenantmigration.embedded.tools;

import org.jspecify.annotations.NullMarked;

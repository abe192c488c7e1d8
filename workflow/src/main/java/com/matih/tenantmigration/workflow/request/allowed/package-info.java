/** Which settings of the stores' clients a request may set, by name and value. */
@NullMarked
package com.matih.tenantmigration.workflow.request.allowed;

import org.jspecify.annotations.NullMarked;

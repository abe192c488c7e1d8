/** Reads what people write, YAML or JSON, into records, and names all that is wrong with it. */
@NullMarked
package com.matih.tenantmigration.workflow.input;

import org.jspecify.annotations.NullMarked;

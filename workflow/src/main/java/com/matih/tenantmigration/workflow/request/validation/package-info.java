/** Reads a request and names everything that is wrong with it. */
@NullMarked
package com.matih.tenantmigration.workflow.request.validation;

import org.jspecify.annotations.NullMarked;

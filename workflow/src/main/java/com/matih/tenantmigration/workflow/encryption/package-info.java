/** Encrypts what Temporal keeps of a migration. */
@NullMarked
package com.matih.tenantmigration.workflow.encryption;

import org.jspecify.annotations.NullMarked;

/** What the workflows share in their use of Temporal: stubs, branches, failures, versions. */
@NullMarked
package com.matih.tenantmigration.workflow.temporal;

import org.jspecify.annotations.NullMarked;

/**
 * What a migration is asked to do: one immutable record, the same in YAML and in Temporal's input.
 */
@NullMarked
package com.matih.tenantmigration.workflow.request;

import org.jspecify.annotations.NullMarked;

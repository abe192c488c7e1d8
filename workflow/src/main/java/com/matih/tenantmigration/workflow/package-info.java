/**
 * The migration of one tenant: what is asked for, in which order it happens, and how it is undone.
 */
@NullMarked
package com.matih.tenantmigration.workflow;

import org.jspecify.annotations.NullMarked;

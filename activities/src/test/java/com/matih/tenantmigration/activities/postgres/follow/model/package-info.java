/**
 * A model of following a tenant while it works, explored in all interleavings. It shares no code
 * with the engines. docs/online-protocol.md says what it shows.
 */
@NullMarked
package com.matih.tenantmigration.activities.postgres.follow.model;

import org.jspecify.annotations.NullMarked;

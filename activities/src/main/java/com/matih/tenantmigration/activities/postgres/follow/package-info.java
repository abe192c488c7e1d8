/**
 * Carries changes over while the tenant works, in rounds after each of which both sides are equal.
 */
@NullMarked
package com.matih.tenantmigration.activities.postgres.follow;

import org.jspecify.annotations.NullMarked;

package com.matih.tenantmigration.workflow;

/**
 * The steps of a rollback, named as the report names them.
 *
 * <p>The first three bring the tenant back: they run before all others, in this order, and each is
 * tried until it is done. REMOVE_FENCE runs last.
 */
public enum Compensation {
  /**
   * The route of the tenant's configuration is what it was before; the tenant is still read-only.
   */
  ROUTE_BACK,
  /** The shared database accepts the tenant's writes again. */
  RELEASE_FENCE,
  /** The tenant's configuration is ACTIVE again. */
  REACTIVATE_TENANT,
  /** The triggers of the released fence are removed from the shared database. */
  REMOVE_FENCE,
  /** The dedicated database is dropped, marked as failed, or emptied where it was not ours. */
  DROP_DATABASE,
  /** The objects that this migration wrote are deleted, and the bucket that it created. */
  DELETE_OBJECTS,
  /** The topics and groups that this migration created are deleted. */
  DELETE_TOPICS,
  /** The indices that this migration created are deleted. */
  DELETE_INDICES,
  /** The keys that this migration warmed are deleted. */
  EVICT_CACHE
}

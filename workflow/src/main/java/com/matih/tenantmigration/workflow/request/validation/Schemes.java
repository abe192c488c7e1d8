package com.matih.tenantmigration.workflow.request.validation;

import java.util.Set;

/** The schemes that addresses of the stores may have. */
final class Schemes {

  static final Set<String> HTTP = Set.of("http", "https");
  static final Set<String> REDIS = Set.of("redis", "rediss", "redis-sentinel", "rediss-sentinel");

  private Schemes() {}
}

package com.matih.tenantmigration.devstack.outage;

/** A store that a request names. */
enum Store {
  SHARED_POSTGRES,
  DEDICATED_POSTGRES,
  SHARED_S3,
  DEDICATED_S3,
  SHARED_KAFKA,
  DEDICATED_KAFKA,
  SHARED_ELASTICSEARCH,
  DEDICATED_ELASTICSEARCH,
  SHARED_REDIS,
  DEDICATED_REDIS;

  boolean isDedicated() {
    return name().startsWith("DEDICATED");
  }

  boolean isKafka() {
    return this == SHARED_KAFKA || this == DEDICATED_KAFKA;
  }

  boolean isRedis() {
    return this == SHARED_REDIS || this == DEDICATED_REDIS;
  }
}

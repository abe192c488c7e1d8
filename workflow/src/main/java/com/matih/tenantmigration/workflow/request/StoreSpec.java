package com.matih.tenantmigration.workflow.request;

import com.matih.tenantmigration.workflow.StoreName;

/** The part of a request that says how one store is migrated. */
public sealed interface StoreSpec
    permits PostgresSpec, ObjectStorageSpec, KafkaSpec, ElasticsearchSpec, RedisSpec {

  /** Which store it is about. */
  StoreName store();
}

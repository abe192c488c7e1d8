package com.matih.tenantmigration.workflow.request;

/** The part of a request that says how one store is migrated. */
public sealed interface StoreSpec
    permits PostgresSpec, ObjectStorageSpec, KafkaSpec, ElasticsearchSpec, RedisSpec {}

package com.matih.tenantmigration.devstack.outage;

import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.matih.tenantmigration.workflow.request.MigrationRequest;
import com.matih.tenantmigration.workflow.request.Mode;
import com.matih.tenantmigration.workflow.request.PostgresSpec.Isolation;
import com.matih.tenantmigration.workflow.request.validation.RequestReader;
import com.matih.tenantmigration.workflow.request.validation.RequestReading;

/**
 * A small tenant with stores of every kind, some of them behind proxies of its own.
 *
 * @param number its own among all tenants of the stack, from 1 on: its Redis database
 * @param database the shared database that it lives in
 * @param isolation how its rows are separated from others'
 */
record OutageTenant(
    OutageStack stack, int number, String database, Isolation isolation, Doors doors) {

  /** Its id, which marks all that is its own too. */
  String id() {
    return "t%03d".formatted(number);
  }

  /** The schema of the shared database in which its rows are. */
  String schema() {
    return switch (isolation) {
      case ROWS -> OutageSample.SCHEMA;
      case SCHEMA -> id();
    };
  }

  String prefix() {
    return "tenants/" + id() + "/";
  }

  /** The consumer group of its services in the shared cluster. */
  String sharedGroup() {
    return id() + "-shared-indexer";
  }

  /** The name of its dedicated database. */
  String ownDatabase() {
    return id() + "_own";
  }

  /** The shared database as its request and its route name it. */
  String sharedUrl() {
    return address(Store.SHARED_POSTGRES);
  }

  /** The same of its dedicated one. */
  String dedicatedUrl() {
    return address(Store.DEDICATED_POSTGRES);
  }

  /** How its request names a store. */
  String address(Store store) {
    String name = store.isDedicated() ? ownDatabase() : database;
    return doors.address(store, Doors.direct(store, stack.side(store), name));
  }

  /** In its object storage where that is to fail for it, so that the snapshot fails with it. */
  private String snapshots() {
    return doors.has(Store.SHARED_S3)
        ? "s3://%s/snapshots".formatted(OutageSample.BUCKET)
        : "file:" + stack.snapshots();
  }

  /** The request that moves it. */
  MigrationRequest request(boolean withApproval) {
    return request(withApproval, Mode.OFFLINE);
  }

  MigrationRequest request(boolean withApproval, Mode mode) {
    RequestReading reading = new RequestReader(new YAMLFactory()).read(yaml(withApproval));
    return reading
        .request()
        .orElseThrow(() -> new AssertionError(reading.problems().toString()))
        .in(mode);
  }

  private String ofIsolation() {
    return switch (isolation) {
      case ROWS -> "rows\n  tenantColumn: tenant_id";
      case SCHEMA -> "schema";
    };
  }

  private String yaml(boolean withApproval) {
    String text =
        """
        tenant: @id@
        tier: {from: STARTER, to: ENTERPRISE}
        approval: @approval@
        settle: 1s
        snapshot: {location: "@snapshots@"}
        postgres:
          source: {url: "@SHARED_POSTGRES@", user: postgres, password: "${env:SHARED_PG_PASSWORD}"}
          target: {url: "@DEDICATED_POSTGRES@", user: postgres, password: "${env:DEDICATED_PG_PASSWORD}"}
          isolation: @isolation@
          sourceSchema: @schema@
          targetSchema: public
          parallelism: 1
        objectStorage:
          source: {endpoint: "@SHARED_S3@", region: us-east-1, bucket: @bucket@, prefix: "@prefix@",
            accessKey: "${env:SHARED_S3_ACCESS_KEY}", secretKey: "${env:SHARED_S3_SECRET_KEY}"}
          target: {endpoint: "@DEDICATED_S3@", region: us-east-1, bucket: @id@-own, prefix: "",
            accessKey: "${env:DEDICATED_S3_ACCESS_KEY}", secretKey: "${env:DEDICATED_S3_SECRET_KEY}"}
          concurrency: 2
        kafka:
          source: {bootstrapServers: "@SHARED_KAFKA@"}
          target: {bootstrapServers: "@DEDICATED_KAFKA@"}
          topics: [{from: @topic@, to: @id@-events, tenant: {header: tenant-id}}]
          consumerGroups: [{from: @group@, to: @id@-indexer}]
        elasticsearch:
          source: {url: "@SHARED_ELASTICSEARCH@"}
          target: {url: "@DEDICATED_ELASTICSEARCH@"}
          indices: [{from: @index@, to: @id@-docs, tenantField: tenant_id}]
        redis:
          source: {uri: "@SHARED_REDIS@", keyPrefix: "@id@:"}
          target: {uri: "@DEDICATED_REDIS@/@number@"}
          warm: [{key: "query:{id}", sql: "SELECT id, body FROM queries ORDER BY id LIMIT @warmed@", value: body, ttl: 1h}]
        verification:
          queries: ["SELECT count(*) FROM {schema}.queries WHERE {tenant}"]
        """
            .replace("@id@", id())
            .replace("@isolation@", ofIsolation())
            .replace("@schema@", schema())
            .replace("@number@", String.valueOf(number))
            .replace("@approval@", withApproval ? "required" : "automatic")
            .replace("@snapshots@", snapshots())
            .replace("@bucket@", OutageSample.BUCKET)
            .replace("@prefix@", prefix())
            .replace("@topic@", OutageSample.TOPIC)
            .replace("@warmed@", String.valueOf(OutageSample.WARMED))
            .replace("@group@", sharedGroup())
            .replace("@index@", OutageSample.INDEX);
    for (Store store : Store.values()) {
      text = text.replace("@" + store + "@", address(store));
    }
    return text;
  }
}

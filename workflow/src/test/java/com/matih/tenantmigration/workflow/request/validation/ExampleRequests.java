package com.matih.tenantmigration.workflow.request.validation;

/** Requests that tests start from. */
final class ExampleRequests {

  /** The example of the documentation, with every key. */
  static final String CONTRACT =
      """
      tenant: acme
      tenantKey: acme-tenant-id
      tier: {from: STARTER, to: ENTERPRISE}
      approval: automatic
      onRollback: drop
      settle: 5s
      snapshot: {location: "file:/var/lib/tenant-migration/snapshots"}

      postgres:
        source: {url: "jdbc:postgresql://host:5432/shared", user: migrator, password: "${env:SHARED_PG_PASSWORD}"}
        target: {url: "jdbc:postgresql://host:5432/acme",   user: migrator, password: "${env:DEDICATED_PG_PASSWORD}"}
        isolation: rows
        sourceSchema: shared_schema
        targetSchema: public
        tenantColumn: tenant_id
        referenceTables: [plans]
        excludeTables: []
        copyUnderFence: [comments]
        parallelism: 4
        storageReferences: [{table: artifacts, column: uri}]
        tables:
          tenants: {tenantColumn: id}
          users: {where: "id IN (SELECT user_id FROM {schema}.memberships WHERE organization_id = {tenantKey})"}
          comments: {owner: article_id}
          plans: {sharedWithAll: true}
        nobodysRows: leave
        foreignReferences: leave

      objectStorage:
        source: {endpoint: "https://s3.example", region: eu-1, bucket: matih-shared-data, prefix: tenants/acme/, accessKey: "${env:A}", secretKey: "${file:/run/secrets/s3}"}
        target: {endpoint: "https://s3.example", region: eu-1, bucket: acme-dedicated-data, prefix: "", accessKey: "${env:B}", secretKey: "${env:C}"}
        concurrency: 32
        allowEmpty: false
        checkMetadata: true

      kafka:
        source: {bootstrapServers: "a:9092,b:9092", properties: {}}
        target: {bootstrapServers: "c:9092", properties: {security.protocol: SASL_SSL, sasl.jaas.config: 'org.apache.kafka.common.security.plain.PlainLoginModule required username="m" password="${env:K}";'}}
        topics:
          - {from: shared.query-events, to: query-events, tenant: {header: tenant-id}}
          - {from: shared.audit, to: audit, tenant: {keyPrefix: "acme:"}}
          - {from: shared.billing, to: billing, tenant: {jsonField: tenantId}}
          - {from: acme.own, to: own, all: true}
        consumerGroups: [{from: shared-indexer, to: indexer}]

      elasticsearch:
        source: {url: "https://es:9200", apiKey: "${env:E}"}
        target: {url: "https://es2:9200", apiKey: "${env:F}"}
        indices: [{from: shared-queries, to: queries, unmarked: refuse, tenantField: tenant_id}]

      redis:
        source: {uri: "redis://cache:${env:R}@host:6379/0", keyPrefix: "acme:"}
        target: {uri: "rediss://:${env:S}@host2:6379"}
        warm:
          - {key: "query:{id}", sql: "SELECT id, body FROM queries ORDER BY last_run DESC LIMIT 10000", value: body, ttl: 1h}

      verification:
        api: ["https://acme.example/api/health"]
        queries: ["SELECT status, count(*) FROM {schema}.queries WHERE {tenant} GROUP BY status ORDER BY status"]
      """;

  private ExampleRequests() {}

  /** The example with one text replaced by another; the text has to be there. */
  static String with(String text, String replacement) {
    if (!CONTRACT.contains(text)) {
      throw new IllegalArgumentException("the example has no " + text);
    }
    return CONTRACT.replace(text, replacement);
  }
}

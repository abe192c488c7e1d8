package com.matih.tenantmigration.workflow.request.validation;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RequestProblemsTest {

  private final RequestReader reader = new RequestReader(new YAMLFactory());

  @ParameterizedTest(name = "[{index}] {2}")
  @CsvSource(
      delimiter = '§',
      textBlock =
          """
          tenant: acme § tenant: Acme § tenant
          tenant: acme § tenant: -acme § tenant
          tenantKey: acme-tenant-id § tenantKey: "  " § tenantKey
          tier: {from: STARTER, to: ENTERPRISE} § tier: {from: STARTER} § tier.to
          settle: 5s § settle: PT-5S § settle
          settle: 5s § throttle: {bytesPerSecond: 0} § throttle.bytesPerSecond
          settle: 5s § throttle: {bytesPerSecond: -1} § throttle.bytesPerSecond
          settle: 5s § throttle: {bytesPerSecond: -5MB} § throttle.bytesPerSecond
          settle: 5s § throttle: {bytesPerSecond: 0.0MB} § throttle.bytesPerSecond
          settle: 5s § throttle: {bytesPerSecond: fast} § throttle.bytesPerSecond
          settle: 5s § throttle: {bytesPerSecond: 1.5} § throttle.bytesPerSecond
          settle: 5s § throttle: {bytesPerSecond: 999999999TB} § throttle.bytesPerSecond
          settle: 5s § throttle: {bytesPerSecond: 99999999999999999999} § throttle.bytesPerSecond
          settle: 5s § throttle: {maxReplicaLag: 0s} § throttle.maxReplicaLag
          settle: 5s § throttle: {maxReplicaLag: 2h} § throttle.maxReplicaLag
          settle: 5s § throttle: {maxReplicaLag: 5} § throttle.maxReplicaLag
          settle: 5s § throttle: 50MB § throttle
          settle: 5s § storeTimeout: 9s § storeTimeout
          settle: 5s § storeTimeout: 61m § storeTimeout
          settle: 5s § storeTimeout: PT-45S § storeTimeout
          "file:/var/lib/tenant-migration/snapshots" § "/var/lib" § snapshot.location
          "file:/var/lib/tenant-migration/snapshots" § "file:/var/../etc" § snapshot.location
          "file:/var/lib/tenant-migration/snapshots" § "s3:///x" § snapshot.location
          jdbc:postgresql://host:5432/acme § jdbc:postgresql://host:5432/shared § postgres.target.url
          jdbc:postgresql://host:5432/acme § jdbc:postgresql://host:5432/ § postgres.target.url
          jdbc:postgresql://host:5432/acme § jdbc:mysql://host:5432/acme § postgres.target.url
          jdbc:postgresql://host:5432/acme § jdbc:postgresql://host/acme?user=u&password=v § postgres.target.url
          jdbc:postgresql://host:5432/acme § jdbc:postgresql://u:v@host/acme § postgres.target.url
          isolation: rows § isolation: schema § postgres.tenantColumn
          tenantColumn: tenant_id § excludeTables: [] § postgres.tenantColumn
          sourceSchema: shared_schema § sourceSchema: pg_catalog § postgres.sourceSchema
          excludeTables: [] § excludeTables: [plans] § postgres.excludeTables
          referenceTables: [plans] § referenceTables: [plans, plans] § postgres.referenceTables[1]
          parallelism: 4 § parallelism: -1 § postgres.parallelism
          parallelism: 4 § parallelism: 65 § postgres.parallelism
          concurrency: 32 § concurrency: -3 § objectStorage.concurrency
          prefix: tenants/acme/ § prefix: tenants/acme § objectStorage.source.prefix
          prefix: tenants/acme/ § prefix: tenants/acme- § objectStorage.source.prefix
          bucket: acme-dedicated-data § bucket: matih-shared-data § objectStorage.target
          bucket: acme-dedicated-data § bucket: "s3://acme" § objectStorage.target.bucket
          accessKey: "${env:B}", § region: eu-1, § objectStorage.target
          "a:9092,b:9092" § "a,b:9092" § kafka.source.bootstrapServers
          {header: tenant-id} § {header: tenant-id, jsonField: t} § kafka.topics[0]
          {header: tenant-id} § {} § kafka.topics[0]
          , all: true} § } § kafka.topics[3]
          {keyPrefix: "acme:"} § {keyPrefix: "acme"} § kafka.topics[1].tenant.keyPrefix
          to: audit, § to: query-events, § kafka.topics[1].to
          to: audit, § to: "a b", § kafka.topics[1].to
          from: acme.own § from: __consumer_offsets § kafka.topics[3].from
          indices: [{from: shared-queries § indices: [{from: shared-* § elasticsearch.indices[0].from
          to: queries, § to: Queries, § elasticsearch.indices[0].to
          , tenantField: tenant_id} § } § elasticsearch.indices[0].tenantField
          "https://es2:9200" § "ftp://es2:9200" § elasticsearch.target.url
          keyPrefix: "acme:"} § keyPrefix: "acme"} § redis.source.keyPrefix
          "query:{id}" § "query" § redis.warm[0].key
          "query:{id}" § "query:{id" § redis.warm[0].key
          "query:{id}" § "query:{{id}}" § redis.warm[0].key
          "query:{id}" § "{own}}:{id}" § redis.warm[0].key
          "SELECT id, § "DELETE id, § redis.warm[0].sql
          ttl: 1h § ttl: 0s § redis.warm[0].ttl
          value: body, § type: set, § redis.warm[0].value
          value: body, § value: body, type: stream, § redis.warm[0].type
          value: body, § value: body, type: hash, § redis.warm[0].value
          value: body, § type: hash, fields: [a, a], § redis.warm[0].fields[1]
          value: body, § type: hash, fields: [""], § redis.warm[0].fields[0]
          value: body, § type: hash, score: at, § redis.warm[0].score
          value: body, § value: body, fields: [a, b], § redis.warm[0].fields
          value: body, § value: body, type: zset, § redis.warm[0].score
          value: body, § value: body, type: list, score: at, § redis.warm[0].score
          api: ["https://acme.example/api/health"] § api: ["acme.example"] § verification.api[0]
          """)
  void aRequestThatCannotBeRightIsNamedByItsPath(String text, String replacement, String path) {
    assertThat(reader.read(swapped(text, replacement)).problems())
        .extracting(RequestProblem::path)
        .contains(path);
  }

  private static String swapped(String text, String replacement) {
    if (replacement.equals("excludeTables: []") || replacement.equals("region: eu-1,")) {
      // only to take something away: the key stands there already
      return ExampleRequests.with(text, "");
    }
    return ExampleRequests.with(text, replacement);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "password: \"hunter2\"",
        "password: \"hunter2${env:X}\"",
        "password: \"${HUNTER2}\"",
        "password: \"$hunter2\"",
      })
  void aLiteralPasswordIsRefusedAndNeverRepeated(String password) {
    assertRefusedSilently(
        ExampleRequests.with("password: \"${env:SHARED_PG_PASSWORD}\"", password),
        "postgres.source.password");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '§',
      textBlock =
          """
          accessKey: "${env:A}" § accessKey: "hunter2" § objectStorage.source.accessKey
          secretKey: "${env:C}" § secretKey: "hunter2" § objectStorage.target.secretKey
          apiKey: "${env:E}" § apiKey: "hunter2" § elasticsearch.source.apiKey
          "https://es:9200" § "https://elastic:hunter2@es:9200" § elasticsearch.source.url
          "https://es:9200" § "https://hunter2@es:9200" § elasticsearch.source.url
          redis://cache:${env:R}@host:6379/0 § redis://cache:hunter2@host:6379/0 § redis.source.uri
          redis://cache:${env:R}@host:6379/0 § redis://hunter2@host:6379/0 § redis.source.uri
          redis://cache:${env:R}@host:6379/0 § redis://:hunt/er2@host:6379/0 § redis.source.uri
          redis://cache:${env:R}@host:6379/0 § redis://:hunt?er2@host:6379/0 § redis.source.uri
          redis://cache:${env:R}@host:6379/0 § redis://:hunter2${env:R}@host:6379 § redis.source.uri
          password="${env:K}"; § password="hunter2"; § kafka.target.properties.sasl.jaas.config
          password="${env:K}"; § password=hunter2; § kafka.target.properties.sasl.jaas.config
          security.protocol: SASL_SSL § ssl.key.password: hunter2 § kafka.target.properties.ssl.key.password
          security.protocol: SASL_SSL § ssl.keystore.key: hunter2 § kafka.target.properties.ssl.keystore.key
          https://acme.example/api/health § https://acme.example/h?api_key=hunter2 § verification.api[0]
          """)
  void aLiteralSecretAnywhereIsRefusedAndNeverRepeated(
      String text, String replacement, String path) {
    assertRefusedSilently(ExampleRequests.with(text, replacement), path);
  }

  private void assertRefusedSilently(String yaml, String path) {
    List<RequestProblem> problems = reader.read(yaml).problems();

    assertThat(problems).extracting(RequestProblem::path).containsExactly(path);
    assertThat(problems.toString()).doesNotContain("hunt");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '§',
      textBlock =
          """
          redis://cache:${env:R}@host:6379/0 § rediss://[::1]:6379/0
          redis://cache:${env:R}@host:6379/0 § redis://${file:/run/secrets/redis}@host
          redis://cache:${env:R}@host:6379/0 § ${SCHEME}://host
          https://acme.example/api/health § https://probe:${env:KEY}@acme.example/h?deep=1
          security.protocol: SASL_SSL § ssl.truststore.location: /etc/kafka/trust.jks
          """)
  void aReferenceIsWelcomeWhereverASecretBelongs(String text, String replacement) {
    boolean scheme = replacement.startsWith("${SCHEME}");
    assertThat(reader.read(ExampleRequests.with(text, replacement)).problems().isEmpty())
        .isEqualTo(!scheme);
  }

  @Test
  void aRequestWithoutAnyStoreIsRefused() {
    assertThat(
            reader
                .read(
                    """
                    tenant: acme
                    tier: {from: A, to: B}
                    snapshot: {location: "file:/snapshots"}
                    """)
                .problems())
        .extracting(RequestProblem::problem)
        .containsExactly("names no store");
  }

  @Test
  void whatNeedsAnotherStoreIsRefusedWithoutIt() {
    String yaml = ExampleRequests.CONTRACT;
    String withoutPostgres =
        yaml.replaceFirst("(?s)\npostgres:.*?\nobjectStorage:", "\nobjectStorage:");
    String withoutObjects = yaml.replaceFirst("(?s)\nobjectStorage:.*?\nkafka:", "\nkafka:");

    assertThat(reader.read(withoutPostgres).problems())
        .extracting(RequestProblem::path)
        .containsExactly("redis", "verification.queries");
    assertThat(reader.read(withoutObjects).problems())
        .extracting(RequestProblem::path)
        .containsExactly("postgres.storageReferences");
    assertThat(
            reader
                .read(withoutObjects.replace("\"file:/var/lib/tenant-migration", "\"s3://b"))
                .problems())
        .extracting(RequestProblem::path)
        .contains("snapshot.location");
  }

  @Test
  void theProblemsOfOneRequestComeInTheSameOrderEachTime() {
    String yaml = ExampleRequests.with("security.protocol: SASL_SSL", "b.x: x, a.x: y, c.x: z");

    assertThat(reader.read(yaml).problems())
        .extracting(RequestProblem::path)
        .containsExactly(
            "kafka.target.properties.a.x",
            "kafka.target.properties.b.x",
            "kafka.target.properties.c.x");
  }
}

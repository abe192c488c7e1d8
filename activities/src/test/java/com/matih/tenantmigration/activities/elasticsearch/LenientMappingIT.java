package com.matih.tenantmigration.activities.elasticsearch;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.matih.tenantmigration.workflow.MigrationContext;
import com.matih.tenantmigration.workflow.report.CheckResult;
import com.matih.tenantmigration.workflow.request.ElasticsearchSpec;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Documents with fields or values from a time when the mapping ignored or converted them, and a
 * mapping that refuses or adds them by now.
 */
class LenientMappingIT extends OnlineIndexLab {

  private String from;
  private String to;

  @BeforeEach
  void createIndexThatIgnoresFields() {
    from = index.from() + "-dynamic";
    to = index.to() + "-dynamic";
    shared.put(
        "/" + from,
        """
        {"mappings": {"_meta": {"team": "search"}, "dynamic": "false", "properties": {
           "tenant_id": {"type": "keyword"},
           "item": {"type": "nested", "dynamic": "false", "properties": {"a": {"type": "long"}}}}}}
        """);
    write("old", "\"extra\":\"x\",\"item\":[{\"a\":1,\"b\":2}]");
  }

  private void write(String id, String fields) {
    shared.put(
        "/%s/_doc/%s?refresh=true".formatted(from, id),
        "{\"tenant_id\":\"acme-tenant-id\",%s}".formatted(fields));
  }

  /** As somebody does who puts an end to fields that nobody asked for, or wants them all. */
  private void nowDynamicIs(String dynamic) {
    shared.put(
        "/%s/_mapping".formatted(from),
        "{\"dynamic\":\"%1$s\",\"properties\":{\"item\":{\"type\":\"nested\",\"dynamic\":\"%1$s\"}}}"
            .formatted(dynamic));
  }

  @ParameterizedTest
  @ValueSource(strings = {"strict", "true"})
  void theyMoveOfflineAndTheMappingIsTheSame(String dynamic) {
    nowDynamicIs(dynamic);
    MigrationContext offline = offline();

    provisioner.provision(offline, MONITOR);
    // until the tenant is read-only it goes on
    shared.put(
        "/%s/_mapping".formatted(from), "{\"properties\":{\"later\":{\"type\":\"keyword\"}}}");
    write("new", "\"later\":\"y\"");
    copier.copy(offline, MONITOR);

    assertThat(comparison.compare(offline, MONITOR).namedMismatches()).isEmpty();
    remover.removeWriteAliases(offline, MONITOR);
    assertSame();
    assertThat(found("later:y")).isEqualTo(1);
    assertThat(found("extra:x")).isZero();
  }

  @Test
  void theyMoveOnlineAndTheMappingIsTheSame() {
    nowDynamicIs("true");
    context = online(from, to);

    provision();
    copy(MONITOR);
    shared.put(
        "/%s/_mapping".formatted(from), "{\"properties\":{\"later\":{\"type\":\"keyword\"}}}");
    write("new", "\"later\":\"y\"");
    catchUp(MONITOR);
    nowDynamicIs("strict");
    write("last", "\"later\":\"y\"");
    assertThat(drain(MONITOR).checks())
        .allMatch(check -> check.status() == CheckResult.Status.PASSED);

    remover.removeWriteAliases(context, MONITOR);
    assertSame();
    assertThat(found("later:y")).isEqualTo(2);
    assertThat(found("extra:x")).isZero();
  }

  @Test
  void anExistingIndexThatIsEmptiedAgainRefusesFieldsAsBefore() {
    dedicated.put(
        "/" + to,
        "{\"mappings\":{\"dynamic\":\"strict\",\"properties\":{\"tenant_id\":{\"type\":\"keyword\"}}}}");
    nowDynamicIs("strict");
    MigrationContext offline = offline();
    provisioner.provision(offline, MONITOR);
    copier.copy(offline, MONITOR);
    assertThat(dedicated.count(to)).isEqualTo(1);

    var unused = remover.deleteIndices(offline, MONITOR);

    assertThat(dedicated.count(to)).isZero();
    assertThat(mappings(dedicated, to).path("dynamic").asText()).isEqualTo("strict");
  }

  /** As somebody does who wants wrong values refused from now on, and writes the field anew. */
  private void nowValuesAreRefused() {
    shared.put(
        "/%s/_mapping".formatted(from),
        """
        {"properties": {
           "age": {"type": "integer", "ignore_malformed": true},
           "when": {"type": "date", "ignore_malformed": true},
           "size": {"type": "integer"},
           "word": {"type": "keyword", "ignore_above": 10},
           "text": {"type": "text", "fields": {"raw": {"type": "keyword", "ignore_above": 10}}}}}
        """);
    write("malformed", "\"age\":\"unknown\",\"when\":\"yesterday\"");
    write("converted", "\"size\":\"7\"");
    write("long", "\"word\":\"%s\",\"text\":\"%1$s\"".formatted("y".repeat(40_000)));
    write(
        "nested", "\"item\":[%s]".formatted(String.join(",", Collections.nCopies(9, "{\"a\":1}"))));
    shared.put(
        "/%s/_mapping".formatted(from),
        """
        {"properties": {
           "age": {"type": "integer"},
           "when": {"type": "date", "ignore_malformed": false},
           "size": {"type": "integer", "coerce": false},
           "word": {"type": "keyword", "ignore_above": 100000},
           "text": {"type": "text", "fields": {"raw": {"type": "keyword"}}}}}
        """);
    shared.put("/%s/_settings".formatted(from), "{\"index.mapping.nested_objects.limit\":5}");
  }

  @Test
  void valuesThatTheMappingRefusesByNowMoveOffline() {
    nowValuesAreRefused();
    MigrationContext offline = offline();

    provisioner.provision(offline, MONITOR);
    copier.copy(offline, MONITOR);

    assertThat(comparison.compare(offline, MONITOR).namedMismatches()).isEmpty();
    remover.removeWriteAliases(offline, MONITOR);
    assertValues();
  }

  @Test
  void valuesThatTheMappingRefusesByNowMoveOnline() {
    nowValuesAreRefused();
    context = online(from, to);

    provision();
    copy(MONITOR);
    shared.put(
        "/%s/_mapping".formatted(from), "{\"properties\":{\"later\":{\"type\":\"keyword\"}}}");
    write("last", "\"later\":\"y\"");
    catchUp(MONITOR);
    assertThat(drain(MONITOR).checks())
        .allMatch(check -> check.status() == CheckResult.Status.PASSED);

    remover.removeWriteAliases(context, MONITOR);
    assertValues();
    assertThat(found("later:y")).isEqualTo(1);
  }

  private void assertValues() {
    assertSame();
    assertThat(
            dedicated.get("/" + to + "/_settings").at("/%s/settings/index/mapping".formatted(to)))
        .isEqualTo(
            shared.get("/" + from + "/_settings").at("/%s/settings/index/mapping".formatted(from)));
    assertThat(found("_ignored:age")).isEqualTo(1);
    assertThat(found("_ignored:when")).isEqualTo(1);
    assertThat(found("_ignored:word")).isEqualTo(1);
    assertThat(found("size:7")).isEqualTo(1);
    assertThat(found("_id:nested")).isEqualTo(1);
  }

  private MigrationContext offline() {
    return index.context(
        migrationId, List.of(new ElasticsearchSpec.Index(from, to, "tenant_id")), dedicated.url());
  }

  private void assertSame() {
    assertThat(mappings(dedicated, to)).isEqualTo(mappings(shared, from));
  }

  private static JsonNode mappings(TestCluster cluster, String name) {
    return cluster.get("/" + name).path(name).path("mappings");
  }

  private long found(String query) {
    return dedicated.get("/%s/_count?q=%s".formatted(to, query)).path("count").asLong();
  }
}

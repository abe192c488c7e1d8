package com.matih.tenantmigration.activities.elasticsearch.plan;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import com.matih.tenantmigration.activities.elasticsearch.client.IndexDefinition;
import com.matih.tenantmigration.activities.elasticsearch.client.Json;
import com.matih.tenantmigration.workflow.report.Refusal;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TenantFieldTest {

  private static final String MAPPINGS =
      """
      {"properties": {
        "plain": {"type": "keyword"},
        "named": {"type": "alias", "path": "plain"},
        "owner": {"properties": {"tenant": {"type": "keyword"}}},
        "name": {"type": "text", "fields": {"raw": {"type": "keyword"}}},
        "words": {"type": "text"},
        "folded": {"type": "keyword", "normalizer": "lowercase"},
        "short": {"type": "keyword", "ignore_above": 3},
        "hidden": {"type": "keyword", "index": false, "doc_values": false},
        "number": {"type": "long"},
        "tiny": {"type": "byte"},
        "large": {"type": "unsigned_long"},
        "real": {"type": "double"},
        "labels": {"type": "flattened"},
        "whole.name": {"type": "keyword", "fields": {"raw": {"type": "keyword"}}},
        "whole.number": {"type": "long"},
        "flat": {"subobjects": false, "properties": {
          "a.b": {"type": "keyword"}, "a.b.c": {"type": "text"}}},
        "many": {"type": "nested", "properties": {"tenant": {"type": "keyword"}}}}}
      """;

  @ParameterizedTest
  @ValueSource(
      strings = {
        "plain",
        "named",
        "owner.tenant",
        "name.raw",
        "whole.name",
        "whole.name.raw",
        "flat.a.b"
      })
  void aKeywordTellsTenantsApart(String field) {
    assertThat(refusal(field)).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "name, mapped as text, Name name.raw as tenantField",
    "words, mapped as text, Map it as keyword",
    "number, mapped as long, Map it as keyword",
    "owner, mapped as object, Map it as keyword",
    "absent, maps no field, Name the keyword field",
    "owner.absent, maps no field, Name the keyword field",
    "owner.tenant., maps no field, Name the keyword field",
    "whole, maps no field, Name the keyword field",
    "flat.a, maps no field, Name the keyword field",
    "flat.a.b.c, mapped as text, Map it as keyword",
    "labels.tenant, a key inside a flattened field, Map it as a keyword field of its own",
    "folded, normalizer, without a normalizer",
    "short, values as long as the tenant key, ignore_above",
    "hidden, not searchable, Index it",
    "many.tenant, inside nested objects, keyword field of the document itself"
  })
  void anythingElseIsRefusedWithARemedy(String field, String reason, String remedy) {
    Refusal refusal = refusal(field).orElseThrow();

    assertThat(refusal.object()).isEqualTo("shared." + field);
    assertThat(refusal.reason()).contains(reason);
    assertThat(refusal.remedy()).contains(remedy);
  }

  @ParameterizedTest
  @CsvSource({
    "number, 42, true",
    "number, -7, true",
    "number, 042, false",
    "number, 4.2, false",
    "number, 9223372036854775808, false",
    "tiny, 128, false",
    "tiny, 127, true",
    "large, 18446744073709551615, true",
    "large, -1, false",
    "real, 42, false"
  })
  void aWholeNumberTellsTenantsApart(String field, String key, boolean serves) {
    assertThat(TenantField.refusal(index(), field, key).isEmpty()).isEqualTo(serves);
  }

  @Test
  void aNumberWhoseNameHasADotIsOne() {
    assertThat(TenantField.isNumber(index(), "whole.number")).isTrue();
    assertThat(TenantField.isNumber(index(), "whole.name")).isFalse();
  }

  @Test
  void anAliasWithoutAFilterOrWithThisTenantsComesAlong() {
    assertThat(isMigrated("{}")).isTrue();
    assertThat(isMigrated("{\"filter\":{\"term\":{\"tenant\":\"acme\"}}}")).isTrue();
    assertThat(isMigrated("{\"filter\":{\"term\":{\"tenant\":{\"value\":\"acme\"}}}}")).isTrue();
    assertThat(isMigrated("{\"filter\":{\"term\":{\"tenant\":\"globex\"}}}")).isFalse();
    assertThat(isMigrated("{\"filter\":{\"term\":{\"status\":\"acme\"}}}")).isFalse();
    assertThat(isMigrated("{\"filter\":{\"range\":{\"day\":{\"gt\":\"now\"}}}}")).isFalse();
  }

  @Test
  void anIndexMayIndexShortValuesOnlyInAllOfItsFields() {
    IndexDefinition short3 =
        new IndexDefinition(
            "shared",
            parse("{\"mapping\":{\"ignore_above\":\"3\"}}"),
            parse(
                "{\"properties\":{\"plain\":{\"type\":\"keyword\"},\"long\":{\"type\":\"keyword\",\"ignore_above\":9}}}"),
            Json.object(),
            false);

    assertThat(TenantField.refusal(short3, "plain", "acme").orElseThrow().reason())
        .contains("values as long as the tenant key");
    assertThat(TenantField.refusal(short3, "plain", "abc")).isEmpty();
    assertThat(TenantField.refusal(short3, "long", "acme")).isEmpty();
  }

  private static boolean isMigrated(String alias) {
    return TenantAliases.isMigrated(parse(alias), "tenant", "acme");
  }

  private static Optional<Refusal> refusal(String field) {
    return TenantField.refusal(index(), field, "acme");
  }

  private static IndexDefinition index() {
    return new IndexDefinition("shared", Json.object(), parse(MAPPINGS), Json.object(), false);
  }

  private static ObjectNode parse(String json) {
    return (ObjectNode) Json.parse(json.getBytes(StandardCharsets.UTF_8));
  }
}

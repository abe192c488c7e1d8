package com.matih.tenantmigration.activities.kafka.client;

import static org.assertj.core.api.Assertions.assertThat;

import com.matih.tenantmigration.activities.kafka.TestCluster;
import com.matih.tenantmigration.workflow.request.KafkaSpec;
import com.matih.tenantmigration.workflow.request.KafkaSpec.TenantSelector;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TenantFilterTest {

  private static ConsumerRecord<byte[], byte[]> record(
      @Nullable String key, @Nullable String value) {
    return new ConsumerRecord<>("t", 0, 0, TestCluster.bytes(key), TestCluster.bytes(value));
  }

  private static TenantFilter filter(TenantSelector selector) {
    return TenantFilter.of(new KafkaSpec.Topic("a", "b", selector, false), "acme");
  }

  @Test
  void headerMustBeTheTenantKeyExactlyAndTheLastOneCounts() {
    TenantFilter filter = filter(new TenantSelector("tenant", null, null, false));
    ConsumerRecord<byte[], byte[]> each = record(null, null);
    assertThat(filter.isTenants(each)).isFalse();

    each.headers().add("tenant", TestCluster.bytes("acme"));
    assertThat(filter.isTenants(each)).isTrue();

    each.headers().add("tenant", TestCluster.bytes("acme2"));
    assertThat(filter.isTenants(each)).isFalse();

    each.headers().add("tenant", null);
    assertThat(filter.isTenants(each)).isFalse();
  }

  @Test
  void keyMustBeginWithThePrefix() {
    TenantFilter filter = filter(new TenantSelector(null, "acme:", null, false));

    assertThat(filter.isTenants(record("acme:1", null))).isTrue();
    assertThat(filter.isTenants(record("acme:", null))).isTrue();
    assertThat(filter.isTenants(record("acme", null))).isFalse();
    assertThat(filter.isTenants(record("xacme:", null))).isFalse();
    assertThat(filter.isTenants(record(null, null))).isFalse();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"meta\":{\"tenant\":\"acme\"}}",
        "{\"a\":[{\"meta\":1}],\"meta\":{\"x\":{\"tenant\":\"globex\"},\"tenant\":\"acme\"}}",
        "{\"meta.tenant\":\"acme\"}",
        "{\"meta\":{\"tenant\":\"\\u0061cme\"},"
      })
  void fieldIsFoundByItsPath(String value) {
    TenantFilter filter = filter(new TenantSelector(null, null, "meta.tenant", false));

    assertThat(filter.isTenants(record(null, value))).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"tenant\":\"acme\"}",
        "{\"meta\":{\"tenant\":\"globex\"}}",
        "{\"meta\":[{\"tenant\":\"acme\"}]}",
        "{\"meta\":{\"tenant\":{\"acme\":1}}}",
        "{\"data\":{\"meta\":{\"tenant\":\"acme\"}}}",
        "[\"acme\"]",
        "acme",
        ""
      })
  void otherFieldsAndOtherFormsAreNotTheTenants(String value) {
    TenantFilter filter = filter(new TenantSelector(null, null, "meta.tenant", false));

    assertThat(filter.isTenants(record(null, value))).isFalse();
    assertThat(filter.isTenants(record(null, null))).isFalse();
  }

  @Test
  void numberIsComparedAsItIsWritten() {
    TenantFilter filter =
        TenantFilter.of(
            new KafkaSpec.Topic("a", "b", new TenantSelector(null, null, "id", false), false),
            "17");

    assertThat(filter.isTenants(record(null, "{\"id\":17}"))).isTrue();
    assertThat(filter.isTenants(record(null, "{\"id\":171}"))).isFalse();
  }

  @Test
  void exactlyOneWayToTellIsNeeded() {
    assertThat(problem(null, false)).contains("0 selectors");
    assertThat(problem(new TenantSelector(null, null, null, false), false)).contains("0 selectors");
    assertThat(problem(new TenantSelector("h", null, "j", false), false)).contains("2 selectors");
    assertThat(problem(new TenantSelector("h", null, null, false), true)).contains("2 selectors");
    assertThat(problem(new TenantSelector("", null, null, false), false)).contains("empty");
    assertThat(problem(null, true)).isEmpty();
    assertThat(problem(new TenantSelector(null, null, null, true), false)).isEmpty();
    assertThat(problem(new TenantSelector(null, "p", null, false), false)).isEmpty();
  }

  private static String problem(@Nullable TenantSelector selector, boolean all) {
    return TenantFilter.problemOf(new KafkaSpec.Topic("a", "b", selector, all)).orElse("");
  }
}

package com.matih.tenantmigration.activities.kafka.compare;

import static com.matih.tenantmigration.activities.kafka.TestCluster.bytes;
import static org.assertj.core.api.Assertions.assertThat;

import com.matih.tenantmigration.workflow.request.KafkaSpec;
import com.matih.tenantmigration.workflow.request.KafkaSpec.TenantSelector;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LeakJudgeTest {

  private static final TenantSelector BY_FIELD =
      new TenantSelector(null, null, "meta.tenant", false);

  private static boolean isTenants(TenantSelector selector, ConsumerRecord<byte[], byte[]> copy) {
    return new LeakJudge(new KafkaSpec.Topic("a", "b", selector, false), "acme").isTenants(copy);
  }

  private static ConsumerRecord<byte[], byte[]> record(
      @Nullable String key, @Nullable String value) {
    return new ConsumerRecord<>("t", 0, 0, bytes(key), bytes(value));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{'meta':{'tenant':'acme'}}",
        " { 'a' : [ { 'tenant' : 'other' } , 'x,y:{' ] , 'meta' : { 'tenant' : 'acme' } } ",
        "{'a':NaN,'b':-Infinity,'meta':{'n':[[1],[2]],'tenant':'acme'}}",
        "{'meta':{'x':{'tenant':'other'},'tenant':'acme'}}",
        "{'m\\u0065ta':{'t\\u0065nant':'acm\\u0065'}}",
        "{'meta.tenant':'acme'}",
        "\uFEFF{'quote':'\\'}','meta':{'tenant':'acme'}}",
        "{'meta':{'tenant':'acme'},",
      })
  void valueOfTheTenantIsKnown(String value) {
    assertThat(isTenants(BY_FIELD, record(null, value.replace('\'', '"')))).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{'meta':{'tenant':'other','meta':{'tenant':'acme'}}}",
        "{'x':{'meta':{'tenant':'acme'}}}",
        "{'meta':[{'tenant':'acme'}]}",
        "[{'meta':{'tenant':'acme'}}]",
        "{'meta':{'tenant':'acme','tenant':'other'}}",
        "{'meta':{'tenant':'other'},'meta':{'tenant':'acme'}}",
        "{'meta':{'tenant':['acme']}}",
        "{'meta':{'tenant':{'tenant':'acme'}}}",
        "{'meta':{'tenant':null}}",
        "{'meta':'acme'}",
        "'acme'",
        "acme",
        "",
      })
  void valueOfNobodyOrAnotherIsNot(String value) {
    assertThat(isTenants(BY_FIELD, record(null, value.replace('\'', '"')))).isFalse();
    assertThat(isTenants(BY_FIELD, record(null, null))).isFalse();
  }

  @Test
  void deepNestingIsWalkedThrough() {
    String value =
        "{\"a\":"
            + "[{\"x\":".repeat(200_000)
            + "0"
            + "}]".repeat(200_000)
            + ",\"meta\":{\"tenant\":\"acme\"}}";

    assertThat(isTenants(BY_FIELD, record(null, value))).isTrue();
  }

  @Test
  void headersAndKeysAreTheTenantsExactly() {
    TenantSelector byHeader = new TenantSelector("tenant", null, null, false);
    ConsumerRecord<byte[], byte[]> each = record(null, null);
    assertThat(isTenants(byHeader, each)).isFalse();
    each.headers().add("Tenant", bytes("acme"));
    assertThat(isTenants(byHeader, each)).isFalse();
    each.headers().add("tenant", bytes("acme"));
    assertThat(isTenants(byHeader, each)).isTrue();
    each.headers().add("tenant", bytes("globex"));
    assertThat(isTenants(byHeader, each)).isFalse();

    TenantSelector byKey = new TenantSelector(null, "acme:", null, false);
    assertThat(isTenants(byKey, record("acme:1", null))).isTrue();
    assertThat(isTenants(byKey, record("acme1", null))).isFalse();
    assertThat(isTenants(byKey, record(null, null))).isFalse();
  }
}

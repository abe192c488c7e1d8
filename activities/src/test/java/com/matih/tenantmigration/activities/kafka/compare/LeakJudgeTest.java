package com.matih.tenantmigration.activities.kafka.compare;

import static com.matih.tenantmigration.activities.kafka.TestCluster.bytes;
import static org.assertj.core.api.Assertions.assertThat;

import com.matih.tenantmigration.activities.kafka.client.TenantFilter;
import com.matih.tenantmigration.workflow.request.KafkaSpec;
import com.matih.tenantmigration.workflow.request.KafkaSpec.TenantSelector;
import java.util.Random;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LeakJudgeTest {

  private static final String CHARACTERS = "{}[]:,'\\ \n1nax-";

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
        "{'meta':{'tenant':'acme'},'n':'cut of",
        "{'meta':{'tenant':'acme'},'n':[1, ",
        "{'meta':{'tenant':'acme'},'n' ",
        "{'meta':{'tenant':'acme'},'n':-",
        "{'meta':{'tenant':'acme'}} \t\r\n",
        "{'a':[],'b':{},'c':[[],{}],'meta':{'tenant':'acme','n':1e9 },'d':[true,null]}",
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
        "{'meta':{'tenant':'acme'}}\n{'meta':{'tenant':'other'}}",
        "{'meta':{'tenant':'acme'}}\n{'meta':{'tenant':'acme'}}",
        "{'meta':{'tenant':'acme'}} garbage",
        "{'meta':{'tenant':'acme'}}}",
        "{'meta':{'tenant':'acme'} 'n':1}",
        "{'meta':{'tenant':'acme' 'n':1}}",
        "{'meta':{'tenant':'acme'}...(truncated)",
        "{'meta':{'tenant':'acme'},'n':1,}",
        "{'meta':{'tenant':'acme'},'n':[1}",
        "{'meta':{'tenant':'acme'},'n' 1}",
        "{'meta':{'tenant':'acme",
        "'acme'",
        "acme",
        "",
      })
  void valueOfNobodyOrAnotherIsNot(String value) {
    assertThat(isTenants(BY_FIELD, record(null, value.replace('\'', '"')))).isFalse();
    assertThat(isTenants(BY_FIELD, record(null, null))).isFalse();
  }

  @Test
  void whateverTheSelectorTakesTheJudgeTakes() {
    KafkaSpec.Topic topic = new KafkaSpec.Topic("a", "b", BY_FIELD, false);
    TenantFilter selector = TenantFilter.of(topic, "acme");
    Random random = new Random(7);
    int taken = 0;
    for (int i = 0; i < 50_000; i++) {
      StringBuilder value =
          new StringBuilder("{'meta':{'tenant':'acme','n':[1,{'a':true}]},'o':{},'p':-2e3}");
      for (int change = random.nextInt(3); change >= 0; change--) {
        int at = random.nextInt(value.length());
        switch (random.nextInt(3)) {
          case 0 -> value.deleteCharAt(at);
          case 1 -> value.insert(at, CHARACTERS.charAt(random.nextInt(CHARACTERS.length())));
          default -> value.setLength(at > 10 ? at : value.length());
        }
      }
      ConsumerRecord<byte[], byte[]> each = record(null, value.toString().replace('\'', '"'));
      if (selector.isTenants(each)) {
        taken++;
        assertThat(isTenants(BY_FIELD, each)).as(value.toString()).isTrue();
      }
    }
    assertThat(taken).isGreaterThan(5_000);
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

package com.matih.tenantmigration.activities.kafka.client;

import static com.matih.tenantmigration.activities.kafka.TestCluster.bytes;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import com.matih.tenantmigration.activities.kafka.TestCluster;
import com.matih.tenantmigration.activities.kafka.client.TenantFilter.Mark;
import com.matih.tenantmigration.workflow.MigrationException;
import com.matih.tenantmigration.workflow.request.KafkaSpec;
import com.matih.tenantmigration.workflow.request.KafkaSpec.TenantSelector;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class TenantFilterTest {

  private static final TenantSelector BY_FIELD =
      new TenantSelector(null, null, "meta.tenant", false);

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

  private static String nested(int depth) {
    return "[".repeat(depth) + "]".repeat(depth);
  }

  static Stream<Arguments> marksOfFields() {
    return Stream.of(
        // another object of the same name further in
        arguments("{'meta':{'tenant':'other','meta':{'tenant':'acme'}}}", Mark.ANOTHERS),
        arguments("{'x':{'meta':{'tenant':'acme'}},'meta':{'tenant':'other'}}", Mark.ANOTHERS),
        arguments("{'meta':{'x':{'tenant':'acme'}}}", Mark.NONE),
        arguments("{'meta':[{'tenant':'acme'}]}", Mark.NONE),
        arguments("[{'meta':{'tenant':'acme'}}]", Mark.UNREADABLE),
        // the same name again
        arguments("{'meta':{'tenant':'acme','tenant':'other'}}", Mark.CONTRADICTORY),
        arguments("{'meta':{'tenant':'other','tenant':'acme'}}", Mark.CONTRADICTORY),
        arguments("{'meta':{'tenant':'acme'},'meta':{'tenant':'other'}}", Mark.CONTRADICTORY),
        arguments("{'meta':{'tenant':'other'},'meta':{'tenant':'acme'}}", Mark.CONTRADICTORY),
        arguments("{'meta':{'tenant':'acme'},'meta.tenant':'other'}", Mark.CONTRADICTORY),
        arguments("{'meta':{'tenant':'acme','tenant':null}}", Mark.CONTRADICTORY),
        arguments("{'meta':{'tenant':'acme','tenant':['other']}}", Mark.CONTRADICTORY),
        arguments("{'meta':{'tenant':'acme','tenant':'acme'}}", Mark.TENANTS),
        arguments("{'meta':{'tenant':'a','tenant':'b'}}", Mark.ANOTHERS),
        // names with escapes
        arguments("{'m\\u0065ta':{'t\\u0065nant':'acm\\u0065'}}", Mark.TENANTS),
        arguments("{'meta\\u002etenant':'acme'}", Mark.TENANTS),
        // what precedes the field
        arguments("{'a':NaN,'b':-Infinity,'c':Infinity,'meta':{'tenant':'acme'}}", Mark.TENANTS),
        arguments("{'a':" + nested(100_000) + ",'meta':{'tenant':'acme'}}", Mark.TENANTS),
        arguments("{'a':" + "1".repeat(5_000) + ",'meta':{'tenant':'acme'}}", Mark.TENANTS),
        arguments("{'" + "n".repeat(90_000) + "':1,'meta':{'tenant':'acme'}}", Mark.TENANTS),
        arguments("\uFEFF{'meta':{'tenant':'acme'}}", Mark.TENANTS),
        // no mark
        arguments("{'meta':{'tenant':''}}", Mark.NONE),
        arguments("{'meta':{'tenant':null}}", Mark.NONE),
        arguments("{'Meta':{'tenant':'acme'}}", Mark.NONE),
        arguments("{}", Mark.NONE),
        // no text there, or no JSON
        arguments("{'meta':{'tenant':['acme']}}", Mark.UNREADABLE),
        arguments("{'meta':{'tenant':{'id':'acme'}}}", Mark.UNREADABLE),
        arguments("{'meta':", Mark.UNREADABLE),
        // more behind the object
        arguments("{'meta':{'tenant':'acme'}} \t\r\n", Mark.TENANTS),
        arguments("{'meta':{'tenant':'acme'}}\n{'meta':{'tenant':'acme'}}", Mark.UNREADABLE),
        arguments("{'meta':{'tenant':'acme'}}\n{'meta':{'tenant':'other'}}", Mark.UNREADABLE),
        arguments("{'meta':{'tenant':'other'}}\n{'meta':{'tenant':'acme'}}", Mark.UNREADABLE),
        arguments("{'meta':{'tenant':'acme'}} garbage", Mark.UNREADABLE),
        arguments("{'meta':{'tenant':'acme'}}-", Mark.UNREADABLE),
        arguments("{'meta':{'tenant':'acme'}}}", Mark.UNREADABLE),
        // a mistake behind the field
        arguments("{'meta':{'tenant':'acme'} 'n':1}", Mark.UNREADABLE),
        arguments("{'meta':{'tenant':'acme' 'n':1}}", Mark.UNREADABLE),
        arguments("{'meta':{'tenant':'acme'}...(truncated)", Mark.UNREADABLE),
        arguments("{'meta':{'tenant':'acme'} /* n */,'n':1}", Mark.UNREADABLE),
        arguments("{'meta':{'tenant':'acme'},'n':1,}", Mark.UNREADABLE),
        arguments("{'meta':{'tenant':'acme'},'n':`1`}", Mark.UNREADABLE),
        arguments("{'meta':{'tenant':'acme'},'n':[1}", Mark.UNREADABLE),
        // an end that is missing
        arguments("{'meta':{'tenant':'acme'},'n':'cut of", Mark.TENANTS),
        arguments("{'meta':{'tenant':'acme'},'n':[1, ", Mark.TENANTS),
        arguments("{'meta':{'tenant':'acme'},'n", Mark.TENANTS),
        arguments("{'meta':{'tenant':'acme'},'n' ", Mark.TENANTS),
        arguments("{'meta':{'tenant':'acme'},'n':", Mark.TENANTS),
        arguments("{'meta':{'tenant':'acme'},'n':-", Mark.TENANTS),
        arguments("{'meta':{'tenant':'acme'},,", Mark.UNREADABLE),
        arguments("{'meta':{'tenant':'acme'", Mark.TENANTS),
        arguments("{'meta':{'tenant':'acme", Mark.UNREADABLE),
        arguments("\u0000\u0000\u0000\u0000*acme", Mark.UNREADABLE));
  }

  @ParameterizedTest
  @MethodSource("marksOfFields")
  void fieldIsFoundByItsPathFromTheRootAlone(String value, Mark mark) {
    ConsumerRecord<byte[], byte[]> each = record(null, value.replace('\'', '"'));

    assertThat(filter(BY_FIELD).markOf(each)).isEqualTo(mark);
    assertThat(filter(BY_FIELD).isTenants(each)).isEqualTo(mark == Mark.TENANTS);
  }

  @Test
  void bytesThatAreNotTextAroundTheFieldDoNotHideIt() {
    byte[] value = "{'a':'?','meta':{'tenant':'acme'}}".replace('\'', '"').getBytes(UTF_8);
    value[6] = (byte) 0xff;

    assertThat(filter(BY_FIELD).markOf(new ConsumerRecord<>("t", 0, 0, null, value)))
        .isEqualTo(Mark.TENANTS);
  }

  @Test
  void headersAndKeysThatSayNothingAreToldFromAnothers() {
    TenantFilter byHeader = filter(new TenantSelector("tenant", null, null, false));
    assertThat(byHeader.markOf(withHeaders())).isEqualTo(Mark.NONE);
    assertThat(byHeader.markOf(withHeaders((byte[]) null))).isEqualTo(Mark.NONE);
    assertThat(byHeader.markOf(withHeaders(bytes("")))).isEqualTo(Mark.NONE);
    assertThat(byHeader.markOf(withHeaders(bytes("\"acme\"")))).isEqualTo(Mark.UNREADABLE);
    assertThat(byHeader.markOf(withHeaders(new byte[] {(byte) 0xff}))).isEqualTo(Mark.UNREADABLE);
    assertThat(byHeader.markOf(withHeaders(bytes("globex")))).isEqualTo(Mark.ANOTHERS);
    assertThat(byHeader.markOf(withHeaders(bytes("acme"), bytes("globex"))))
        .isEqualTo(Mark.CONTRADICTORY);
    assertThat(byHeader.markOf(withHeaders(bytes("globex"), bytes("acme"))))
        .isEqualTo(Mark.TENANTS);

    TenantFilter byKey = filter(new TenantSelector(null, "acme:", null, false));
    assertThat(byKey.markOf(record(null, "v"))).isEqualTo(Mark.NONE);
    assertThat(byKey.markOf(record("globex:1", "v"))).isEqualTo(Mark.ANOTHERS);
  }

  private static ConsumerRecord<byte[], byte[]> withHeaders(byte @Nullable []... values) {
    ConsumerRecord<byte[], byte[]> made = record(null, null);
    for (byte[] value : values) {
      made.headers().add("tenant", value);
    }
    return made;
  }

  @Test
  void recordWithoutAMarkIsRefusedWhereTheRequestSaysSo() {
    TenantFilter refusing =
        TenantFilter.of(
            new KafkaSpec.Topic("a", "b", BY_FIELD, false, KafkaSpec.Unmarked.REFUSE), "acme");

    assertThat(refusing.isTenants(record(null, "{\"meta\":{\"tenant\":\"acme\"}}"))).isTrue();
    assertThat(refusing.isTenants(record(null, "{\"meta\":{\"tenant\":\"globex\"}}"))).isFalse();
    assertThatThrownBy(() -> refusing.isTenants(record(null, "{}")))
        .isInstanceOf(MigrationException.class)
        .hasMessageContaining("offset 0 of t-0")
        .hasMessageContaining("unmarked: refuse");
  }

  @Test
  void numberIsComparedAsItIsWritten() {
    TenantFilter filter =
        TenantFilter.of(
            new KafkaSpec.Topic("a", "b", new TenantSelector(null, null, "id", false), false),
            "17");

    assertThat(filter.isTenants(record(null, "{\"id\":17}"))).isTrue();
    assertThat(filter.isTenants(record(null, "{\"id\":171}"))).isFalse();
    assertThat(filter.isTenants(record(null, "{\"id\":17,\"n"))).isTrue();
    assertThat(filter.isTenants(record(null, "{\"id\":17")))
        .as("its last digits may be missing")
        .isFalse();
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

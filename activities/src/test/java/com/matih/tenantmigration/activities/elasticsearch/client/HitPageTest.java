package com.matih.tenantmigration.activities.elasticsearch.client;

import static org.assertj.core.api.Assertions.assertThat;

import com.matih.tenantmigration.activities.elasticsearch.compare.SourceContent;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class HitPageTest {

  private static final String SOURCE =
      "{ \"a\" :1.10, \"ü\":\"é 😀 \\u00e9 }{ \\\" \",\"n\":{\"x\":[1,{}]},\"big\":12345678901234567890}";

  @Test
  void aSourceIsTheAnswersOwnBytes() {
    HitPage page =
        read(
            "{\"took\":1,\"timed_out\":false,\"pit_id\":\"next\",\"_shards\":{\"total\":2,\"failed\":0},"
                + "\"hits\":{\"max_score\":null,\"hits\":["
                + "{\"_index\":\"i\",\"_id\":\"ä\",\"_version\":7,\"_routing\":\"r\",\"_score\":null,"
                + "\"_source\":"
                + SOURCE
                + ",\"sort\":[ 17 ]},"
                + "{\"_id\":\"2\",\"_version\":1,\"_source\":{},\"sort\":[4294967299]}]}}");

    assertThat(page.pointInTime()).isEqualTo("next");
    assertThat(page.isWhole()).isTrue();
    assertThat(page.lastSort()).isEqualTo("[4294967299]");
    assertThat(page.hits()).hasSize(2);
    Hit first = page.hits().get(0);
    assertThat(first.id()).isEqualTo("ä");
    assertThat(first.routing()).isEqualTo("r");
    assertThat(first.version()).isEqualTo(7);
    assertThat(new String(first.source(), StandardCharsets.UTF_8)).isEqualTo(SOURCE);
    assertThat(page.hits().get(1).routing()).isNull();
    assertThat(page.hits().get(1).source()).asString().isEqualTo("{}");
  }

  @Test
  void anAnswerOfSomeShardsIsNotWhole() {
    assertThat(read("{\"timed_out\":true,\"hits\":{\"hits\":[]}}").isWhole()).isFalse();
    assertThat(
            read("{\"timed_out\":false,\"_shards\":{\"total\":2,\"failed\":1,\"failures\":[{}]},"
                    + "\"hits\":{\"hits\":[]}}")
                .isWhole())
        .isFalse();
  }

  @Test
  void aDocumentThatIsNotThereIsNotFound() {
    HitPage page =
        read(
            "{\"docs\":[{\"_id\":\"1\",\"found\":false},"
                + "{\"_id\":\"2\",\"error\":{\"type\":\"x\",\"root_cause\":[{}]}},"
                + "{\"_id\":\"3\",\"_version\":2,\"found\":true,\"_source\":{\"a\":1}}]}");

    assertThat(page.hits()).extracting(Hit::isFound).containsExactly(false, false, true);
    assertThat(page.hits().get(2).source()).asString().isEqualTo("{\"a\":1}");
  }

  @Test
  void aBulkRequestTakesASourceOfOneLineAsItIsAndNoneOfSeveral() {
    HitPage page =
        read(
            "{\"docs\":[{\"_id\":\"1\",\"found\":true,\"_source\":{ \"a\": \"b\\nc\"\r}},"
                + "{\"_id\":\"2\",\"found\":true,\"_source\":{\n  \"a\": 1 // one\n}}]}");
    ByteArrayOutputStream line = new ByteArrayOutputStream();

    page.hits().get(0).writeSourceLine(line);

    assertThat(line.toString(StandardCharsets.UTF_8)).isEqualTo("{ \"a\": \"b\\nc\"\r}\n");
    assertThat(page.hits()).extracting(Hit::hasSeveralLines).containsExactly(false, true);
    assertThat(page.hits().get(1).source()).asString().isEqualTo("{\n  \"a\": 1 // one\n}");
  }

  @Test
  void documentsAreTheSameWhateverTheirWhiteSpaceAndTheOrderOfTheirFields() {
    assertThat(same("{\"a\":1,\"b\":[true,null]}", "{ \"b\":[true, null],\"a\":1 }")).isTrue();
    assertThat(same("{\"a\":\"\\u00e9\"}", "{\"a\":\"é\"}")).isTrue();
  }

  @Test
  void documentsDifferByANumbersDigitsATypeOrAnArraysOrder() {
    assertThat(same("{\"a\":1}", "{\"a\":1.0}")).isFalse();
    assertThat(same("{\"a\":12345678901234567890}", "{\"a\":12345678901234567891}")).isFalse();
    assertThat(same("{\"a\":1}", "{\"a\":\"1\"}")).isFalse();
    assertThat(same("{\"a\":null}", "{}")).isFalse();
    assertThat(same("{\"a\":[1,2]}", "{\"a\":[2,1]}")).isFalse();
  }

  private static boolean same(String one, String other) {
    return SourceContent.same(hit(one), hit(other));
  }

  private static Hit hit(String source) {
    return read("{\"docs\":[{\"_id\":\"1\",\"found\":true,\"_source\":" + source + "}]}")
        .hits()
        .get(0);
  }

  private static HitPage read(String answer) {
    return HitPage.read(answer.getBytes(StandardCharsets.UTF_8));
  }
}

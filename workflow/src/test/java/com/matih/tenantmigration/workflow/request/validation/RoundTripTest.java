package com.matih.tenantmigration.workflow.request.validation;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.ValueNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.matih.tenantmigration.workflow.request.MigrationRequest;
import io.temporal.common.converter.DefaultDataConverter;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

/**
 * Whatever the reader accepts is the same record after Temporal's converter and back, whoever reads
 * it there: the worker's activities through the converter, the workflow by itself.
 *
 * <p>Requests are made from the documentation's example by a few random changes each, with values
 * that overflow, round, escape or mean something elsewhere. The seed is fixed; a failure names the
 * request.
 */
class RoundTripTest {

  private static final int REQUESTS = 600;
  private static final int LEAST_ACCEPTED = 60;
  private static final long SEED = 20_261_128;

  private static final ObjectMapper JSON = new ObjectMapper();

  /** Texts of all kinds, and numbers and durations at the edges of what types hold. */
  private static final List<Object> VALUES =
      List.of(
          "acme",
          "",
          " ",
          "ünïcödé 𝄞",
          "\u0000",
          "a\tb",
          "a\nb",
          "\ud800",
          "quote \" backslash \\ dollar ${env:X}",
          "${env:NAME}",
          "${file:/run/secrets/x}",
          "x".repeat(300),
          "999999999999d",
          "99999999999d",
          "36500d",
          "36501d",
          "3650d",
          "0s",
          "1ms",
          "1001ms",
          "90s",
          "PT1.5S",
          "PT0.0005S",
          "PT-5S",
          "P1D",
          "P10000000000D",
          0,
          -1,
          1,
          7,
          64,
          512,
          Integer.MAX_VALUE,
          9_999_999_999L,
          1e300,
          true,
          false);

  private final RequestReader reader = new RequestReader(new JsonFactory());
  private final DefaultDataConverter converter = DefaultDataConverter.newDefaultInstance();
  private final Random random = new Random(SEED);

  @Test
  void whateverIsAcceptedSurvivesTheWayToTheWorkerAndBack() throws Exception {
    JsonNode example = new ObjectMapper(new YAMLFactory()).readTree(ExampleRequests.CONTRACT);
    int accepted = 0;
    for (int i = 0; i < REQUESTS; i++) {
      ObjectNode changed = example.deepCopy();
      for (int changes = random.nextInt(2); changes >= 0; changes--) {
        change(changed);
      }
      String text = JSON.writeValueAsString(changed);
      MigrationRequest request = reader.read(text).request().orElse(null);
      if (request != null) {
        accepted++;
        assertSurvives(request, text);
      }
    }
    assertThat(accepted).isGreaterThan(LEAST_ACCEPTED);
  }

  private void assertSurvives(MigrationRequest request, String text) {
    var payload = converter.toPayload(request).orElseThrow();
    assertThat(converter.fromPayload(payload, MigrationRequest.class, MigrationRequest.class))
        .as(text)
        .isEqualTo(request);
    assertThat(RequestReader.ofInput().read(payload.getData().toStringUtf8()).request())
        .as(text)
        .contains(request);
  }

  /** Replaces or removes one of the tree's values, or doubles one of a list. */
  private void change(ObjectNode tree) {
    List<Runnable> changes = new ArrayList<>();
    collect(tree, changes);
    changes.get(random.nextInt(changes.size())).run();
  }

  private void collect(JsonNode node, List<Runnable> changes) {
    if (node instanceof ObjectNode object) {
      for (Map.Entry<String, JsonNode> field : object.properties()) {
        if (field.getValue() instanceof ValueNode) {
          changes.add(() -> object.set(field.getKey(), JSON.valueToTree(anyValue())));
          changes.add(() -> object.remove(field.getKey()));
        }
        collect(field.getValue(), changes);
      }
    } else if (node instanceof ArrayNode list) {
      for (int i = 0; i < list.size(); i++) {
        int at = i;
        changes.add(() -> list.remove(at));
        changes.add(() -> list.add(JSON.valueToTree(anyValue())));
        collect(list.get(i), changes);
      }
    }
  }

  private Object anyValue() {
    return VALUES.get(random.nextInt(VALUES.size()));
  }
}

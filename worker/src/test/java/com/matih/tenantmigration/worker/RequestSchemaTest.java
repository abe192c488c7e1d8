package com.matih.tenantmigration.worker;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.matih.tenantmigration.worker.HostileRequests.Hostile;
import com.matih.tenantmigration.workflow.request.validation.RequestProblem;
import com.matih.tenantmigration.workflow.request.validation.RequestReader;
import com.matih.tenantmigration.workflow.request.validation.RequestSchema;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion.VersionFlag;
import com.networknt.schema.ValidationMessage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The schema, read by a validator, and the reader agree about what is a request. */
class RequestSchemaTest {

  private static final ObjectMapper YAML =
      new ObjectMapper(new YAMLFactory()).enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);

  private static final JsonSchema SCHEMA =
      JsonSchemaFactory.getInstance(VersionFlag.V202012).getSchema(RequestSchema.json());

  /** What the reader says about a request that no schema can see: it compares, adds up, looks. */
  private static final Pattern BEYOND_A_SCHEMA =
      Pattern.compile(
          String.join(
              "|",
              "is the source",
              "overlaps the source",
              "is the tenant's current tier",
              "has an invalid port",
              "is one of the server's own databases",
              "has a database name that is too long",
              "(settle|ttl) is too long",
              "(storeTimeout|openTransactions.timeout) is out of range",
              "ttl is not a duration",
              "is not a valid time to live",
              "url (sets|has a) ",
              "has a literal secret",
              "is not a supported login",
              "login (module|option) that is not allowed"));

  private static final Pattern OF_README = Pattern.compile("```yaml\\n(.*?)```", Pattern.DOTALL);

  static Stream<String> examples() throws IOException {
    String readme = Files.readString(Path.of("../README.md"));
    return Stream.concat(
        OF_README.matcher(readme).results().limit(1).map(block -> block.group(1)),
        Stream.of(
            Files.readString(Path.of("../compose/requests/acme.yaml")),
            Files.readString(Path.of("../workflow/src/test/resources/acme.yaml")),
            HostileRequests.base().on(HostileRequestsTest.NAMES)));
  }

  @ParameterizedTest
  @MethodSource("examples")
  void everyExamplePassesBoth(String request) throws IOException {
    assertThat(read(request)).isEmpty();
    assertThat(SCHEMA.validate(YAML.readTree(request))).isEmpty();
  }

  static Stream<Hostile> hostile() {
    // Java's $ also matches before a last line break, that of JSON Schema does not
    return HostileRequests.of(2)
        .filter(request -> !request.tries().equals("a tenant with a line break"))
        .filter(request -> tree(request.on(HostileRequestsTest.NAMES)) != null);
  }

  @ParameterizedTest
  @MethodSource("hostile")
  void whatIsWrongByItselfIsRefusedByTheSchemaToo(Hostile request) {
    String text = request.on(HostileRequestsTest.NAMES);
    boolean visible =
        read(text).stream()
            .anyMatch(problem -> !BEYOND_A_SCHEMA.matcher(problem.toString()).find());

    if (visible) {
      assertThat(SCHEMA.validate(tree(text))).as(read(text).toString()).isNotEmpty();
    }
  }

  @Test
  void whatOnlyALookAtTheStoresRefusesPassesTheSchema() {
    List<String> refused = new ArrayList<>();
    HostileRequests.of(3)
        .forEach(
            request -> {
              String text = request.on(HostileRequestsTest.NAMES);
              Set<ValidationMessage> found = SCHEMA.validate(tree(text));
              if (read(text).isEmpty() && !found.isEmpty()) {
                refused.add(request + ": " + found);
              }
            });
    assertThat(refused).isEmpty();
  }

  @Test
  void aMistakeAnywhereInARequestIsSeenByBoth() throws IOException {
    String example = Files.readString(Path.of("../workflow/src/test/resources/acme.yaml"));
    JsonNode request = YAML.readTree(example);
    List<String> unseen = new ArrayList<>();
    eachChanged(request, request, "", unseen);
    assertThat(unseen).isEmpty();
  }

  /** Puts, one after the other, what fits nowhere in the place of each value. */
  private static void eachChanged(JsonNode request, JsonNode at, String path, List<String> unseen) {
    if (at instanceof ObjectNode object) {
      object.put("unknown", 1);
      compare(request, path + ".unknown", unseen);
      object.remove("unknown");
      List.copyOf(object.properties())
          .forEach(
              field -> {
                for (JsonNode wrong : wrong()) {
                  object.set(field.getKey(), wrong);
                  compare(request, path + "." + field.getKey() + " = " + wrong, unseen);
                }
                object.set(field.getKey(), field.getValue());
                eachChanged(request, field.getValue(), path + "." + field.getKey(), unseen);
              });
    } else if (at instanceof ArrayNode list) {
      for (int i = 0; i < list.size(); i++) {
        JsonNode right = list.get(i);
        for (JsonNode wrong : wrong()) {
          list.set(i, wrong);
          compare(request, path + "[" + i + "] = " + wrong, unseen);
        }
        list.set(i, right);
        eachChanged(request, right, path + "[" + i + "]", unseen);
      }
    }
  }

  private static List<JsonNode> wrong() {
    return List.of(
        YAML.getNodeFactory().numberNode(1.5),
        YAML.getNodeFactory().booleanNode(true),
        YAML.getNodeFactory().textNode(" "),
        YAML.createArrayNode().add(YAML.createArrayNode()),
        YAML.createObjectNode().putObject("unknown"));
  }

  private static void compare(JsonNode request, String change, List<String> unseen) {
    boolean read = !read(request.toString()).isEmpty();
    boolean validated = !SCHEMA.validate(request).isEmpty();
    if (read != validated) {
      unseen.add(change + (read ? " passes the schema" : " is refused by the schema alone"));
    }
  }

  private static List<RequestProblem> read(String text) {
    return new RequestReader(new YAMLFactory()).read(text).problems();
  }

  /** Null where the text is no single tree. */
  private static JsonNode tree(String text) {
    try {
      return YAML.readTree(text);
    } catch (JsonProcessingException e) {
      return null;
    }
  }
}

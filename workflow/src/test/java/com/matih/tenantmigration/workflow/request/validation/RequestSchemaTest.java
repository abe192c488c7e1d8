package com.matih.tenantmigration.workflow.request.validation;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.matih.tenantmigration.workflow.request.MigrationRequest;
import com.matih.tenantmigration.workflow.request.allowed.KafkaProperties;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The schema names what the records have: keys, types, choices, defaults and bounds. */
class RequestSchemaTest {

  private static final ObjectMapper JSON = new ObjectMapper();

  /** Only what is required. */
  private static final String SHORTEST =
      """
      tenant: acme
      tier: {from: STARTER, to: ENTERPRISE}
      snapshot: {location: "file:/snapshots"}
      postgres:
        source: {url: "jdbc:postgresql://a/shared", user: migrator}
        target: {url: "jdbc:postgresql://b/acme", user: migrator}
        sourceSchema: shared
        tenantColumn: tenant_id
      objectStorage: {source: {bucket: shared}, target: {bucket: acme}}
      kafka:
        source: {bootstrapServers: "a:1"}
        target: {bootstrapServers: "b:1"}
        topics: [{from: a, to: b, tenant: {header: t}}]
      elasticsearch:
        source: {url: "http://a"}
        target: {url: "http://b"}
        indices: [{from: a, to: b, tenantField: t}]
      redis:
        source: {uri: "redis://a"}
        target: {uri: "redis://b"}
        warm: [{key: "k:{id}", sql: SELECT, value: v, ttl: 1h}]
      """;

  private final JsonNode schema = tree(RequestSchema.json());

  @Test
  void theKeysTypesAndChoicesAreThoseOfTheRecords() {
    assertIsRecord(schema, MigrationRequest.class, "");
  }

  @Test
  void theDefaultsAreThoseOfTheRecords() {
    MigrationRequest request = read(SHORTEST).request().orElseThrow();
    List<String> compared = new ArrayList<>();

    assertDefaults(schema, JSON.valueToTree(request), "", compared);

    assertThat(compared)
        .contains("approval", "settle", "postgres.parallelism", "kafka.source.properties");
  }

  @Test
  void theBoundsAreThoseOfTheReader() {
    for (String path : List.of("postgres.parallelism", "objectStorage.concurrency")) {
      JsonNode number = at(path);
      int least = number.path("minimum").asInt();
      int most = number.path("maximum").asInt();

      assertThat(problemsWith(path, least)).isEmpty();
      assertThat(problemsWith(path, most)).isEmpty();
      assertThat(problemsWith(path, least - 1)).isNotEmpty();
      assertThat(problemsWith(path, most + 1)).isNotEmpty();
    }
  }

  @Test
  void kafkasPropertiesAreThoseThatARequestMaySet() {
    JsonNode properties = schema.at("/$defs/kafkaProperties/properties");
    List<String> names = properties.properties().stream().map(Map.Entry::getKey).toList();

    assertThat(KafkaProperties.objection("none", "").orElseThrow().remedy())
        .isEqualTo("Remove it. Allowed: %s.".formatted(String.join(", ", names)));
    for (String name : names) {
      JsonNode property = properties.get(name);
      assertThat(property.path("description").asText()).as(name).isNotBlank();
      if (property.has("enum")) {
        assertThat(KafkaProperties.objection(name, "none").orElseThrow().remedy())
            .isEqualTo("Write one of %s.".formatted(String.join(", ", texts(property))));
      }
      if (property.has("maximum")) {
        assertThat(KafkaProperties.objection(name, "none").orElseThrow().remedy())
            .endsWith(
                "from %d to %d."
                    .formatted(property.path("minimum").asInt(), property.path("maximum").asInt()));
      }
    }
  }

  private void assertIsRecord(JsonNode node, Class<?> type, String path) {
    JsonNode properties = node.path("properties");
    List<String> components =
        Arrays.stream(type.getRecordComponents()).map(RecordComponent::getName).toList();
    assertThat(properties.properties().stream().map(Map.Entry::getKey))
        .as(path)
        .containsExactlyElementsOf(components);
    assertThat(node.path("additionalProperties")).as(path).isEqualTo(JSON.valueToTree(false));
    assertThat(components).as(path).containsAll(texts(node.path("required")));
    for (RecordComponent component : type.getRecordComponents()) {
      String below = path + "." + component.getName();
      JsonNode property = properties.get(component.getName());
      assertThat(property.path("description").asText()).as(below).isNotBlank();
      assertIs(property, component.getGenericType(), below);
    }
  }

  private void assertIs(JsonNode property, Type type, String path) {
    String said = resolved(property).path("type").asText();
    if (type instanceof ParameterizedType generic) {
      boolean list = generic.getRawType() == List.class;
      assertThat(said).as(path).isEqualTo(list ? "array" : "object");
      if (list) {
        assertIs(property.path("items"), generic.getActualTypeArguments()[0], path + "[]");
      }
      return;
    }
    Class<?> plain = (Class<?>) type;
    if (plain.isRecord()) {
      assertIsRecord(property, plain, path);
    } else if (plain.isEnum()) {
      assertThat(texts(property)).as(path).containsExactlyElementsOf(choices(plain));
    } else if (plain == Duration.class) {
      assertThat(property.path("$ref").asText()).as(path).isEqualTo("#/$defs/duration");
    } else if (plain == Long.class) {
      assertThat(property.path("$ref").asText()).as(path).isEqualTo("#/$defs/byteSize");
    } else {
      assertThat(said)
          .as(path)
          .isEqualTo(
              plain == String.class ? "string" : plain == boolean.class ? "boolean" : "integer");
    }
  }

  private static List<String> choices(Class<?> type) {
    return Arrays.stream(type.getFields())
        .filter(field -> field.isEnumConstant())
        .map(field -> field.getAnnotation(JsonProperty.class).value())
        .toList();
  }

  private void assertDefaults(JsonNode node, JsonNode value, String path, List<String> compared) {
    node.path("properties")
        .properties()
        .forEach(
            property -> {
              String below = path + (path.isEmpty() ? "" : ".") + property.getKey();
              JsonNode said = property.getValue().path("default");
              JsonNode real = value.path(property.getKey());
              if (said.isArray() || said.isTextual() || said.isInt()) {
                assertThat(real).as(below).isEqualTo(said);
                compared.add(below);
              } else if (said.isObject()) {
                compared.add(below);
              }
              assertDefaults(property.getValue(), real, below, compared);
            });
  }

  private JsonNode resolved(JsonNode property) {
    return property.has("$ref") ? schema.at(property.get("$ref").asText().substring(1)) : property;
  }

  private JsonNode at(String path) {
    return schema.at("/properties/" + path.replace(".", "/properties/"));
  }

  private static List<RequestProblem> problemsWith(String path, int value) {
    String store = path.substring(0, path.indexOf('.'));
    String key = path.substring(path.indexOf('.') + 1);
    JsonNode request = yaml(SHORTEST);
    ((ObjectNode) request.get(store)).put(key, value);
    return read(request.toString()).problems();
  }

  private static List<String> texts(JsonNode node) {
    List<String> texts = new ArrayList<>();
    (node.has("enum") ? node.get("enum") : node).forEach(text -> texts.add(text.asText()));
    return texts;
  }

  private static RequestReading read(String text) {
    return new RequestReader(new YAMLFactory()).read(text);
  }

  private static JsonNode yaml(String text) {
    try {
      return new ObjectMapper(new YAMLFactory()).readTree(text);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException(e);
    }
  }

  private static JsonNode tree(String json) {
    try {
      return JSON.readTree(json);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException(e);
    }
  }
}

package com.matih.tenantmigration.worker;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;

/** The requests of {@code hostile-requests}, as its README describes them. */
final class HostileRequests {

  private static final ObjectMapper YAML = new ObjectMapper(new YAMLFactory());

  private static final List<String> KINDS =
      List.of(
          "literal-secrets",
          "misplaced-references",
          "client-settings",
          "addresses",
          "values",
          "forms",
          "reach",
          "sql",
          "systems");

  private HostileRequests() {}

  /**
   * One request.
   *
   * @param tries what somebody tries with it
   * @param text the file, with {@code @name@} where something of the platform belongs
   */
  record Hostile(String tries, String text, int code, List<String> says) {

    /** The file with the platform's names and addresses in it. */
    String on(Map<String, String> platform) {
      String filled = text;
      for (Map.Entry<String, String> name : platform.entrySet()) {
        filled = filled.replace("@" + name.getKey() + "@", name.getValue());
      }
      return filled;
    }

    @Override
    public String toString() {
      return tries;
    }
  }

  /** The request that each of the others is made from. */
  static Hostile base() {
    return new Hostile("nothing", resource("base.yaml"), 0, List.of());
  }

  /** Those that end with the exit code. */
  static Stream<Hostile> of(int code) {
    return all().filter(request -> request.code() == code);
  }

  /** All of them. */
  static Stream<Hostile> all() {
    return KINDS.stream().flatMap(kind -> read(kind + ".yaml"));
  }

  private static Stream<Hostile> read(String name) {
    List<Hostile> requests = new ArrayList<>();
    for (JsonNode entry : tree(resource(name))) {
      List<String> says = new ArrayList<>();
      entry.path("says").forEach(words -> says.add(words.asText()));
      requests.add(
          new Hostile(entry.path("tries").asText(), text(entry), entry.path("code").asInt(), says));
    }
    return requests.stream();
  }

  private static String text(JsonNode entry) {
    JsonNode repeat = entry.path("repeat");
    String repeated = repeat.path("text").asText().repeat(repeat.path("times").asInt(0));
    if (entry.has("text")) {
      return entry
          .path("text")
          .asText()
          .replace("{repeated}", repeated)
          .replace("{base}", resource("base.yaml"));
    }
    JsonNode base = tree(resource("base.yaml"));
    for (Map.Entry<String, JsonNode> change : entry.path("set").properties()) {
      JsonNode value = change.getValue();
      put(
          base,
          change.getKey(),
          value.isTextual()
              ? YAML.getNodeFactory().textNode(value.asText().replace("{repeated}", repeated))
              : value);
    }
    entry.path("remove").forEach(place -> remove(base, place.asText()));
    return base.toString();
  }

  private static void put(JsonNode tree, String place, JsonNode value) {
    int slash = place.lastIndexOf('/');
    JsonNode parent = slash < 0 ? tree : tree.at("/" + place.substring(0, slash));
    String last = place.substring(slash + 1);
    if (parent instanceof ArrayNode list) {
      int at = Integer.parseInt(last);
      if (at < list.size()) {
        list.set(at, value);
      } else {
        list.add(value);
      }
    } else {
      ((ObjectNode) parent).set(last, value);
    }
  }

  private static void remove(JsonNode tree, String place) {
    int slash = place.lastIndexOf('/');
    JsonNode parent = slash < 0 ? tree : tree.at("/" + place.substring(0, slash));
    ((ObjectNode) parent).remove(place.substring(slash + 1));
  }

  private static JsonNode tree(String yaml) {
    try {
      return YAML.readTree(yaml);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String resource(String name) {
    try (InputStream stream =
        HostileRequests.class.getResourceAsStream("/hostile-requests/" + name)) {
      return new String(
          Objects.requireNonNull(stream, name).readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}

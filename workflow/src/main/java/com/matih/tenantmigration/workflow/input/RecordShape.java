package com.matih.tenantmigration.workflow.input;

import com.fasterxml.jackson.annotation.JsonFormat;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.matih.tenantmigration.workflow.request.ByteSize;
import com.matih.tenantmigration.workflow.request.ShortDuration;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;

/**
 * Compares a tree with the shape of a record, notes every difference, and cuts off what differs, so
 * that the rest can be read.
 *
 * <p>The shape is the record's own: components that are texts, whole numbers, truth values, enums,
 * durations, numbers of bytes ({@code Long}), records, lists of these, and maps of texts or
 * records. A list that {@link JsonFormat} lets be one value may be written as such.
 */
final class RecordShape {

  private final List<InputProblem> problems = new ArrayList<>();

  List<InputProblem> problems() {
    return problems;
  }

  /** Cuts off what does not belong into the record, and notes it. */
  void prune(ObjectNode tree, Class<?> type, String path) {
    Map<String, Type> components = components(type);
    Set<String> singles = singles(type);
    for (Iterator<Map.Entry<String, JsonNode>> fields = tree.properties().iterator();
        fields.hasNext(); ) {
      Map.Entry<String, JsonNode> field = fields.next();
      String name = VisibleText.of(field.getKey());
      String below = path.isEmpty() ? name : path + "." + name;
      Type component = components.get(field.getKey());
      if (component == null) {
        unknown(below, field.getKey(), components);
        fields.remove();
      } else if (!(singles.contains(field.getKey()) && field.getValue().isTextual())
          && !fits(field.getValue(), component, below)) {
        fields.remove();
      }
    }
  }

  /** The lists that may be written as one text. */
  private static Set<String> singles(Class<?> type) {
    Set<String> singles = new HashSet<>();
    for (RecordComponent component : type.getRecordComponents()) {
      JsonFormat format = component.getAccessor().getAnnotation(JsonFormat.class);
      if (format != null
          && Arrays.asList(format.with())
              .contains(JsonFormat.Feature.ACCEPT_SINGLE_VALUE_AS_ARRAY)) {
        singles.add(component.getName());
      }
    }
    return singles;
  }

  private static Map<String, Type> components(Class<?> type) {
    Map<String, Type> components = new LinkedHashMap<>();
    for (RecordComponent component : type.getRecordComponents()) {
      components.put(component.getName(), component.getGenericType());
    }
    return components;
  }

  private void unknown(String path, String name, Map<String, Type> components) {
    note(
        path,
        "is not a known key",
        SimilarName.of(name, components.keySet())
            .map("Did you mean '%s'?"::formatted)
            .orElseGet(() -> "Known here: " + String.join(", ", components.keySet()) + "."));
  }

  private boolean fits(JsonNode value, Type type, String path) {
    if (type instanceof ParameterizedType generic) {
      return generic.getRawType() == List.class
          ? fitsList(value, generic.getActualTypeArguments()[0], path)
          : fitsMap(value, (Class<?>) generic.getActualTypeArguments()[1], path);
    }
    Class<?> plain = (Class<?>) type;
    if (plain.isRecord()) {
      return fitsRecord(value, plain, path);
    }
    if (value.isNull()) {
      return false;
    }
    if (plain == int.class || plain == Integer.class) {
      return check(
          value.isInt(),
          path,
          "has to be a whole number",
          isQuoted(value, "[+-]?\\d+") ? "Write it without quotes." : "Write one such as 4.");
    }
    if (plain == boolean.class || plain == Boolean.class) {
      return check(
          value.isBoolean(),
          path,
          "has to be true or false",
          isQuoted(value, "(?i)true|false") ? "Write it without quotes." : "Write one of them.");
    }
    if (plain.isEnum()) {
      return fitsEnum(value, plain, path);
    }
    if (plain == Long.class) {
      return fitsByteSize(value, path);
    }
    return plain == Duration.class ? fitsDuration(value, path) : fitsText(value, path);
  }

  /** Whether the right value stands there, but as a text. */
  private static boolean isQuoted(JsonNode value, String form) {
    return value.isTextual() && value.textValue().matches(form);
  }

  private boolean fitsRecord(JsonNode value, Class<?> type, String path) {
    if (value instanceof ObjectNode object) {
      prune(object, type, path);
      return true;
    }
    String keys = String.join(", ", components(type).keySet());
    return value.isNull()
        ? check(false, path, "is empty", "Remove the key, or write its keys: " + keys + ".")
        : check(false, path, "has to have keys of its own", "They are: " + keys + ".");
  }

  private boolean fitsList(JsonNode value, Type element, String path) {
    if (!(value instanceof ArrayNode list)) {
      return value.isNull()
          ? check(false, path, "is empty", "Remove the key, or write [] for none.")
          : check(false, path, "has to be a list", "Write its entries in [ ], or one per line.");
    }
    int written = 0;
    for (Iterator<JsonNode> entries = list.elements(); entries.hasNext(); written++) {
      JsonNode entry = entries.next();
      String below = path + "[" + written + "]";
      boolean fits =
          entry.isNull()
              ? check(false, below, "is empty", "Fill the entry in or remove it.")
              : fits(entry, element, below);
      if (!fits) {
        // stays, so that the entries behind it keep their numbers in what is told about them
        list.set(written, emptyOf(element, list));
      }
    }
    return true;
  }

  private static JsonNode emptyOf(Type element, ArrayNode list) {
    return element instanceof Class<?> type && type.isRecord()
        ? list.objectNode()
        : list.textNode("");
  }

  private boolean fitsMap(JsonNode value, Class<?> element, String path) {
    if (!(value instanceof ObjectNode map)) {
      return check(false, path, "has to be names with values", "Write {name: value, …}.");
    }
    for (Iterator<Map.Entry<String, JsonNode>> fields = map.properties().iterator();
        fields.hasNext(); ) {
      Map.Entry<String, JsonNode> field = fields.next();
      String below = path + "." + VisibleText.of(field.getKey());
      if (element.isRecord()) {
        if (!fitsRecord(field.getValue(), element, below)) {
          fields.remove();
        }
      } else if (!field.getValue().isValueNode() || field.getValue().isNull()) {
        note(below, "has no value", "Write one, or remove the name.");
        fields.remove();
      }
    }
    return true;
  }

  private boolean fitsEnum(JsonNode value, Class<?> type, String path) {
    List<String> names = enumNames(type);
    String choice = String.join(" or ", names);
    return check(
        value.isTextual() && names.contains(value.textValue()),
        path,
        "is not an allowed value",
        value.isTextual()
            ? SimilarName.of(value.textValue(), names)
                    .map("Did you mean '%s'? "::formatted)
                    .orElse("")
                + "Write "
                + choice
                + "."
            : "Write " + choice + ".");
  }

  private static List<String> enumNames(Class<?> type) {
    return Arrays.stream(type.getFields())
        .filter(field -> field.isEnumConstant())
        .map(
            field -> {
              JsonProperty name = field.getAnnotation(JsonProperty.class);
              return name == null ? field.getName() : name.value();
            })
        .toList();
  }

  private boolean fitsDuration(JsonNode value, String path) {
    return check(
        value.isTextual() && isReadable(value, ShortDuration::parse),
        path,
        "is not a duration",
        "Write one such as 500ms, 5s, 10m or 1h.");
  }

  private boolean fitsByteSize(JsonNode value, String path) {
    return check(
        (value.isTextual() || value.isIntegralNumber()) && isReadable(value, ByteSize::parse),
        path,
        "is not a number of bytes",
        ByteSize.EXAMPLES);
  }

  private static boolean isReadable(JsonNode value, Function<String, ?> parser) {
    try {
      var unused = parser.apply(value.asText());
      return true;
    } catch (IllegalArgumentException e) {
      return false;
    }
  }

  private boolean fitsText(JsonNode value, String path) {
    return check(
        value.isTextual(),
        path,
        "has to be a text",
        value.isValueNode() ? "Put the value in quotes." : "Write one value.");
  }

  private boolean check(boolean right, String path, String problem, String remedy) {
    if (!right) {
      note(path, problem, remedy);
    }
    return right;
  }

  private void note(String path, String problem, String remedy) {
    problems.add(new InputProblem(path, problem, remedy));
  }
}

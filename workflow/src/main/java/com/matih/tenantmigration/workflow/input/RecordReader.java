package com.matih.tenantmigration.workflow.input;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Reads a record from YAML or JSON and names everything that does not fit its shape at once:
 * unknown keys, wrong types, values that are none of the possible ones. What is missing is for the
 * record's own validation to tell.
 */
public final class RecordReader {

  /** The parser's words for it, with the key. */
  private static final Pattern TWICE = Pattern.compile("^Duplicate field '(.*)'");

  private final ObjectMapper mapper;

  /**
   * @param format a {@code YAMLFactory}, which reads JSON as well, or a plain {@code JsonFactory}
   */
  public RecordReader(JsonFactory format) {
    mapper =
        new ObjectMapper(format)
            .configure(JsonParser.Feature.STRICT_DUPLICATE_DETECTION, true)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);
  }

  /** Reads a text. Never throws for what is written in it. */
  public <T extends Record> InputReading<T> read(String text, Class<T> type) {
    JsonNode tree;
    try {
      tree = mapper.readTree(text);
    } catch (JsonProcessingException e) {
      return new InputReading<>(null, List.of(unreadable(e)));
    }
    if (!(tree instanceof ObjectNode object)) {
      return new InputReading<>(
          null, List.of(new InputProblem("", "has no keys", "Write 'key: value' lines.")));
    }
    RecordShape shape = new RecordShape();
    shape.prune(object, type, "");
    return new InputReading<>(convert(object, type), shape.problems());
  }

  private <T> T convert(ObjectNode tree, Class<T> type) {
    try {
      return mapper.treeToValue(tree, type);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a tree of the right shape that is no " + type, e);
    }
  }

  /** Says where the text stops being readable; the parser's own words may quote what is there. */
  private static InputProblem unreadable(JsonProcessingException e) {
    JsonLocation location = e.getLocation();
    String where =
        location == null
            ? ""
            : " at line %d, column %d".formatted(location.getLineNr(), location.getColumnNr());
    String message = e.getOriginalMessage();
    Matcher twice = TWICE.matcher(message == null ? "" : message);
    return twice.find()
        ? new InputProblem(
            "",
            "has the same key twice: '%s', again%s".formatted(twice.group(1), where),
            "Keep one of them.")
        : new InputProblem(
            "", "is neither YAML nor JSON" + where, "Check its indentation, quotes and brackets.");
  }
}

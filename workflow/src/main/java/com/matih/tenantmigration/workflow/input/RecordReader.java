package com.matih.tenantmigration.workflow.input;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;

/**
 * Reads a record from YAML or JSON and names everything that does not fit its shape at once:
 * unknown keys, wrong types, values that are none of the possible ones. What is missing is for the
 * record's own validation to tell.
 */
public final class RecordReader {

  private final ObjectMapper mapper;

  /**
   * @param format a {@code YAMLFactory}, which reads JSON as well, or a plain {@code JsonFactory}
   */
  public RecordReader(JsonFactory format) {
    mapper =
        new ObjectMapper(format)
            .enable(DeserializationFeature.FAIL_ON_READING_DUP_TREE_KEY)
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
    return message != null && message.startsWith("Duplicate field")
        ? new InputProblem("", "has the same key twice" + where, "Keep one of them.")
        : new InputProblem(
            "", "is neither YAML nor JSON" + where, "Check its indentation, quotes and brackets.");
  }
}

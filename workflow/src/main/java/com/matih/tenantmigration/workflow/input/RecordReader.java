package com.matih.tenantmigration.workflow.input;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
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

  /** What is more is not read by anybody; the first are to be corrected anyway. */
  private static final int MOST_PROBLEMS = 100;

  /** More than a request of a thousand tables and topics needs. */
  private static final int MOST_CHARACTERS = 256 * 1024;

  private final JsonFactory format;
  private final int mostCharacters;
  private final ObjectMapper mapper;

  /**
   * Reads texts of up to 256 KiB.
   *
   * @param format a {@code YAMLFactory}, which reads JSON as well, or a plain {@code JsonFactory}
   */
  public RecordReader(JsonFactory format) {
    this(format, MOST_CHARACTERS);
  }

  /** Reads texts of up to so many characters. */
  public RecordReader(JsonFactory format, int mostCharacters) {
    this.format = format;
    this.mostCharacters = mostCharacters;
    mapper =
        new ObjectMapper(format)
            .configure(JsonParser.Feature.STRICT_DUPLICATE_DETECTION, true)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);
  }

  /** Reads a text. Never throws for what is written in it. */
  public <T extends Record> InputReading<T> read(String text, Class<T> type) {
    JsonNode tree;
    try {
      Optional<InputProblem> broken = TextBounds.broken(format, text, mostCharacters);
      if (broken.isPresent()) {
        return new InputReading<>(broken.get());
      }
      tree = mapper.readTree(text);
    } catch (JsonProcessingException e) {
      return new InputReading<>(unreadable(e));
    } catch (IOException e) {
      throw new UncheckedIOException("a text in memory that cannot be read", e);
    }
    if (!(tree instanceof ObjectNode object)) {
      return new InputReading<>(new InputProblem("", "has no keys", "Write 'key: value' lines."));
    }
    Set<String> keys = new HashSet<>();
    object.fieldNames().forEachRemaining(keys::add);
    RecordShape shape = new RecordShape();
    shape.prune(object, type, "");
    return new InputReading<>(convert(object, type), firstOf(shape.problems()), keys);
  }

  private static List<InputProblem> firstOf(List<InputProblem> problems) {
    if (problems.size() <= MOST_PROBLEMS) {
      return problems;
    }
    List<InputProblem> first = new ArrayList<>(problems.subList(0, MOST_PROBLEMS));
    first.add(
        new InputProblem(
            "",
            "has more problems (%d)".formatted(problems.size() - MOST_PROBLEMS),
            "Fix these first."));
    return first;
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
            "has the same key twice: '%s', again%s"
                .formatted(VisibleText.of(twice.group(1)), where),
            "Keep one of them.")
        : new InputProblem(
            "", "is neither YAML nor JSON" + where, "Check its indentation, quotes and brackets.");
  }
}

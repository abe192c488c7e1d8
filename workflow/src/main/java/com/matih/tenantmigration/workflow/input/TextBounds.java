package com.matih.tenantmigration.workflow.input;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.util.Optional;

/**
 * Looks whether a text is small and plain enough to be read into memory as a tree: nothing that is
 * short as a text and large as a tree, and nothing that readers understand differently.
 */
final class TextBounds {

  private static final int DEEPEST = 20;
  private static final int MOST_TOKENS = 60_000;

  private final JsonFactory format;
  private final String text;

  /** The text's characters where it is YAML, whose parser counts them so; else none. */
  private final int[] characters;

  private TextBounds(JsonFactory format, String text) {
    this.format = format;
    this.text = text;
    this.characters =
        format.getFormatName().equals("YAML") ? text.codePoints().toArray() : new int[0];
  }

  /**
   * The first thing that is out of bounds; empty where there is none.
   *
   * @throws IOException where the text is not of the format at all
   */
  static Optional<InputProblem> broken(JsonFactory format, String text, int mostCharacters)
      throws IOException {
    return text.length() > mostCharacters
        ? Optional.of(
            new InputProblem(
                "",
                "is larger than %d KiB".formatted(mostCharacters / 1024),
                "Name fewer tables, topics and queries, or split it."))
        : new TextBounds(format, text).broken();
  }

  private Optional<InputProblem> broken() throws IOException {
    try (JsonParser parser = format.createParser(text)) {
      int depth = 0;
      int tokens = 0;
      for (JsonToken token = parser.nextToken(); token != null; token = parser.nextToken()) {
        depth += token.isStructStart() ? 1 : token.isStructEnd() ? -1 : 0;
        tokens++;
        Optional<InputProblem> problem = broken(parser, depth, tokens);
        if (problem.isPresent()) {
          return problem;
        }
      }
    }
    return Optional.empty();
  }

  private Optional<InputProblem> broken(JsonParser parser, int depth, int tokens)
      throws IOException {
    int line = parser.currentTokenLocation().getLineNr();
    if (depth > DEEPEST) {
      return problem("is nested deeper than %d levels at line %d".formatted(DEEPEST, line));
    }
    if (tokens > MOST_TOKENS) {
      return problem("has more than %d keys and values".formatted(MOST_TOKENS));
    }
    if (parser.getObjectId() != null || isAlias(parser)) {
      return Optional.of(
          new InputProblem(
              "",
              "has an anchor or an alias (&name, *name) at line %d".formatted(line),
              "Repeat the value instead."));
    }
    return Optional.empty();
  }

  private static Optional<InputProblem> problem(String what) {
    return Optional.of(new InputProblem("", what, "Write only what the documentation shows."));
  }

  /** The parser hands out an alias as a text of that name; YAML's own texts begin with no star. */
  private boolean isAlias(JsonParser parser) {
    long at = parser.currentTokenLocation().getCharOffset();
    return parser.currentToken() == JsonToken.VALUE_STRING
        && at >= 0
        && at < characters.length
        && characters[(int) at] == '*';
  }
}

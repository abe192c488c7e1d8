package com.matih.tenantmigration.workflow.request.validation;

import com.matih.tenantmigration.workflow.input.RecordTexts;
import com.matih.tenantmigration.workflow.input.SecretReferences;
import com.matih.tenantmigration.workflow.input.VisibleText;
import com.matih.tenantmigration.workflow.request.MigrationRequest;
import java.util.regex.Pattern;

/**
 * What no text of a request may be, wherever it stands: unfit to be stored and sent, too long, or a
 * reference to a secret where nothing secret belongs.
 */
final class TextProblems implements RecordTexts.Visitor {

  private static final int LONGEST = 2_048;

  /** A query, a chain of certificates. */
  private static final int LONGEST_OF_SEVERAL_LINES = 32 * 1024;

  private static final int MOST_CHARACTERS = 256 * 1024;
  private static final int MOST_ENTRIES = 5_000;

  private static final Pattern SEVERAL_LINES =
      Pattern.compile(
          "redis\\.warm\\[\\d+]\\.sql|postgres\\.tables\\..*\\.where|verification\\.queries\\[\\d+]"
              + "|kafka\\.(?:source|target)\\.properties\\..*");

  /** Where each place's own rules say which part of the text may be a reference. */
  private static final Pattern SECRETS_PLACE =
      Pattern.compile(
          "postgres\\.(?:source|target)\\.(?:password|url|user)"
              + "|objectStorage\\.(?:source|target)\\.(?:accessKey|secretKey|endpoint)"
              + "|elasticsearch\\.(?:source|target)\\.(?:apiKey|url)"
              + "|redis\\.(?:source|target)\\.uri"
              + "|verification\\.api\\[\\d+]"
              + "|kafka\\.(?:source|target)\\.properties\\..*");

  private final Problems problems;
  private int characters;

  private TextProblems(Problems problems) {
    this.problems = problems;
  }

  static void find(Problems problems, MigrationRequest request) {
    TextProblems visitor = new TextProblems(problems);
    RecordTexts.visit(request, visitor);
    problems.require(
        visitor.characters <= MOST_CHARACTERS,
        "",
        "is larger than %d KiB".formatted(MOST_CHARACTERS / 1024),
        "Name fewer tables, topics and queries, or split it.");
  }

  @Override
  public void text(String path, String text) {
    characters += text.length();
    boolean severalLines = SEVERAL_LINES.matcher(path).matches();
    int longest = severalLines ? LONGEST_OF_SEVERAL_LINES : LONGEST;
    problems.require(
        text.length() <= longest,
        path,
        "is too long",
        "Write at most %,d characters.".formatted(longest));
    problems.require(
        text.codePoints()
            .allMatch(
                character ->
                    VisibleText.isFit(character)
                        || (severalLines && "\n\r\t".indexOf(character) >= 0)),
        path,
        "contains a control character or an incomplete character",
        "Remove it.");
    problems.require(
        !SecretReferences.isIn(text) || SECRETS_PLACE.matcher(path).matches(),
        path,
        "has a secret reference where none is allowed",
        "Write the value itself; only passwords, keys and tokens may be references.");
  }

  @Override
  public void entries(String path, int count) {
    problems.require(
        count <= MOST_ENTRIES,
        path,
        "has too many entries",
        "Write at most %,d.".formatted(MOST_ENTRIES));
  }
}

package com.matih.tenantmigration.devstack.demo;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Every alert links to a section that says what to do about it. */
class AlertRunbooksTest {

  private static final String PAGE = "docs/operations.md";

  @Test
  void everyAlertLinksToAHeadingOfOperations() throws IOException {
    Set<String> anchors = anchors(Files.readString(Path.of("..", PAGE)));

    assertThat(MonitoringFiles.runbooks()).isNotEmpty();
    assertThat(MonitoringFiles.runbooks())
        .allSatisfy(
            (alert, runbook) -> {
              assertThat(runbook).as(alert).startsWith(PAGE + "#");
              assertThat(anchors).as(alert).contains(runbook.substring(PAGE.length() + 1));
            });
  }

  @Test
  void everyLinkOfOperationsToItselfLeadsToAHeading() throws IOException {
    String page = Files.readString(Path.of("..", PAGE));

    assertThat(page.lines().flatMap(AlertRunbooksTest::links).toList())
        .isNotEmpty()
        .isSubsetOf(anchors(page));
  }

  /** Headings as GitHub makes anchors of them; lines in a code block are no headings. */
  private static Set<String> anchors(String markdown) {
    return markdown
        .replaceAll("(?ms)^ *```.*?^ *```", "")
        .lines()
        .filter(line -> line.matches("#+ .+"))
        .map(line -> line.replaceFirst("#+ ", "").toLowerCase(Locale.ROOT))
        .map(title -> title.replaceAll("[^a-z0-9 _-]", "").replace(' ', '-'))
        .collect(Collectors.toSet());
  }

  private static Stream<String> links(String line) {
    return Pattern.compile("\\]\\(#([^)]+)\\)").matcher(line).results().map(link -> link.group(1));
  }
}

package com.matih.tenantmigration.starter.layout;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class LayoutTest {

  private static final TextTable BLOCKERS =
      new TextTable("store", "object", "reason", "fix")
          .row(
              "postgres",
              "shared_schema.orders",
              "The table has 12 rows whose tenant column is NULL, and nobody knows whose they are.",
              "Give each row its tenant, or remove it, and plan again.");

  @Test
  void aTableThatIsTooWideIsBrokenBetweenWordsInEachOfItsWideColumns() {
    assertThat(BLOCKERS.text(80))
        .isEqualTo(
            """
              store     object                reason                  fix
              postgres  shared_schema.orders  The table has 12 rows   Give each row its
                                              whose tenant column is  tenant, or remove it,
                                              NULL, and nobody knows  and plan again.
                                              whose they are.
            """);
  }

  @Test
  void aLastColumnWithoutRoomGoesBelowItsRow() {
    assertThat(
            new TextTable("at", "migration", "event", "details")
                .row("22:38:41", "4d18d6a08a29", "CHECK", "check=ROW_COUNT compared=21027")
                .row("22:38:42", "4d18d6a08a29", "PHASE", "")
                .text(44))
        .isEqualTo(
            """
              at        migration     event
              22:38:41  4d18d6a08a29  CHECK
                  check=ROW_COUNT compared=21027
              22:38:42  4d18d6a08a29  PHASE
            """);
  }

  @Test
  void noLineIsLongerThanTheScreenAndNoWordIsBroken() {
    List<String> words = words(BLOCKERS.toString());
    for (int columns = 70; columns < 260; columns++) {
      String text = BLOCKERS.text(columns);
      int most = columns;
      assertThat(text.lines()).allMatch(line -> line.length() <= most);
      assertThat(words(text)).as("%d columns", columns).containsExactlyInAnyOrderElementsOf(words);
    }
  }

  private static List<String> words(String text) {
    return Arrays.stream(text.strip().split("\\s+")).toList();
  }

  @Test
  void aWordThatFitsNowhereIsBrokenBehindAJoint() {
    assertThat(
            new TextTable("from", "to")
                .row("jdbc:postgresql://shared.example:5432/app", "s3://bucket/tenants/acme")
                .text(50))
        .isEqualTo(
            """
              from                     to
              jdbc:postgresql://       s3://bucket/tenants/
              shared.example:5432/app  acme
            """);
  }

  @Test
  void numbersStandToTheRightInABrokenRowToo() {
    assertThat(
            new TextTable("n", "text")
                .row(7, "one two three four five six seven")
                .row(1234, "x")
                .text(36))
        .isEqualTo(
            """
                  n  text
                  7  one two three four five six
                     seven
              1,234  x
            """);
  }

  @Test
  void aWordThatSaysHowItEndedHasItsColourAndTheColumnsStayStraight() {
    String coloured =
        new TextTable("check", "status", "n")
            .row("ROW_COUNT", "PASSED", 1)
            .row("X", "FAILED", 2)
            .text(80, Colours.ON);

    assertThat(coloured)
        .contains("ROW_COUNT  \u001b[32mPASSED\u001b[0m  1")
        .contains("\u001b[31mFAILED\u001b[0m  2");
    assertThat(coloured.replaceAll("\u001b\\[\\d+m", ""))
        .isEqualTo("  check      status  n\n  ROW_COUNT  PASSED  1\n  X          FAILED  2\n");
  }

  @Test
  void aTextGoesOnBelowItselfBehindItsName() {
    assertThat(Wrapped.behind("  Failed  ", "the disk of the server is full", 30))
        .isEqualTo("  Failed  the disk of the\n          server is full\n");
  }

  @Test
  void coloursAreLeftOutWhereTheUserOrTheTerminalWantsNone() {
    assertThat(Screen.colours(Map.of("TERM", "xterm"))).isEqualTo(Colours.ON);
    assertThat(Screen.colours(Map.of("NO_COLOR", ""))).isEqualTo(Colours.ON);
    assertThat(Screen.colours(Map.of("NO_COLOR", "1"))).isEqualTo(Colours.OFF);
    assertThat(Screen.colours(Map.of("TERM", "dumb"))).isEqualTo(Colours.OFF);
    assertThat(Screen.NONE.colours()).isEqualTo(Colours.OFF);
  }

  @Test
  void aTerminalThatDoesNotKnowItsSizeIsNotBelieved() {
    assertThat(TerminalSize.parse("24 80\n")).contains(new Screen.Size(24, 80));
    assertThat(TerminalSize.parse("0 0\n")).isEmpty();
    assertThat(TerminalSize.parse("")).isEmpty();
    assertThat(TerminalSize.parse("stty: standard input")).isEmpty();
  }
}

package com.matih.tenantmigration.activities.postgres.compare;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

class RowDifferenceTest {

  @Test
  void theFirstColumnThatDiffersIsToldWithTheValuesOfBothSides() {
    assertThat(
            RowDifference.of(
                3, List.of("status", "count"), List.of("open", "12"), List.of("open", "11")))
        .isEqualTo(
            "row 3 of the answer differs: count is '12' on the shared side, '11' on the dedicated"
                + " side");
  }

  @Test
  void nullIsNotTheWordAndFurtherColumnsAreCounted() {
    assertThat(
            RowDifference.of(
                1,
                List.of("a", "b", "c"),
                Arrays.asList(null, "1", "x"),
                List.of("NULL", "2", "x")))
        .isEqualTo(
            "row 1 of the answer differs: a is NULL on the shared side, 'NULL' on the dedicated"
                + " side, and 1 more differ");
  }

  @Test
  void ofLongValuesThePlaceWhereTheyPartIsToldInSomeTwoHundredCharacters() {
    String same = "x".repeat(5_000);
    String told =
        RowDifference.of(
            1, List.of("body"), List.of(same + "here" + same), List.of(same + "there" + same));

    assertThat(told).contains("xhere", "xthere", "'…").hasSizeLessThan(300);
  }

  @Test
  void aRowThatOneSideLacksIsToldInBoundsAndInOneLine() {
    assertThat(RowDifference.extra(List.of("id", "name"), List.of("7", "a\nb\u001b[2J")))
        .isEqualTo("id is '7', name is 'a b [2J'");
    List<String> columns = Collections.nCopies(500, "c");
    assertThat(RowDifference.extra(columns, Collections.nCopies(500, "y".repeat(500))))
        .hasSizeLessThan(300);
  }
}

package com.matih.tenantmigration.starter.text;

import static org.assertj.core.api.Assertions.assertThat;

import com.matih.tenantmigration.starter.layout.TextTable;
import com.matih.tenantmigration.workflow.report.Units;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class TextTest {

  @Test
  void columnsAreAsWideAsTheirWidestCellAndNumbersStandToTheRight() {
    String table =
        new TextTable("check", "compared", "")
            .row("ROW_COUNT", 12, "")
            .row("X", 1234567, "first")
            .toString();

    assertThat(table)
        .isEqualTo(
            """
              check       compared
              ROW_COUNT         12
              X          1,234,567  first
            """);
  }

  @Test
  void aSignThatWouldBreakTheTableOrTheTerminalIsReplaced() {
    assertThat(new TextTable("a").row("x\ny\u001b[2Jz").toString()).isEqualTo("  a\n  x y [2Jz\n");
  }

  @Test
  void amountsAreWrittenAsPeopleReadThem() {
    assertThat(Units.bytes(1023)).isEqualTo("1023 B");
    assertThat(Units.bytes(1536)).isEqualTo("1.5 KiB");
    assertThat(Units.bytes(64L << 20)).isEqualTo("64.0 MiB");
    assertThat(Units.duration(Duration.ofMillis(3250))).isEqualTo("3.3 s");
    assertThat(Units.duration(Duration.ofSeconds(65))).isEqualTo("1 min 05 s");
    assertThat(Units.duration(Duration.ofMinutes(130))).isEqualTo("2 h 10 min");
  }
}

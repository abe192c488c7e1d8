package com.matih.tenantmigration.starter.html;

import static org.assertj.core.api.Assertions.assertThat;

import com.matih.tenantmigration.starter.layout.TextTable;
import com.matih.tenantmigration.starter.text.ExampleReports;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ReportPageTest {

  private final String page = ReportPage.of(ExampleReports.rolledBack());

  @Test
  void thePageLoadsNothingAndRunsNothing() {
    assertThat(page)
        .contains("default-src 'none'")
        .doesNotContain("<script", "src=", "href=", "url(", "@import");
  }

  @Test
  void aTextIsNeverTakenForMarkup() {
    assertThat(page).contains("ROW_COUNT &lt;b&gt;failed&lt;/b&gt;").doesNotContain("<b>failed");
  }

  @Test
  void theTimelineDrawsEachPhaseAndEachStoresStepsToScale() {
    assertThat(page)
        .containsPattern(
            "<span class=\"name\">COPY</span><span class=\"track\">"
                + "<b style=\"left:0.00%;width:90.28%\">")
        .containsPattern("copy rows <small>database</small>.*left:1.39%;width:13.89%.*10.0 s")
        .containsPattern("lane fence.*tenant read-only.*1 min 11 s")
        .contains("<i style=\"left:0.00%\">0 s</i>");
  }

  @Test
  void checksMismatchesRatesRollbackAndTheRequestAreThere() {
    assertThat(page)
        .contains("<p class=\"outcome rolled-back\">rolled back</p>")
        .contains("<span class=\"mark bad\">failed</span>")
        .contains("users: 3 instead of 4")
        .contains("10,000 rows/s")
        .contains("DROP_DATABASE")
        .contains("password: &quot;${env:OWN}&quot;");
  }

  @Test
  void furtherTablesStandAfterItsOwn() {
    String further =
        ReportPage.of(
            ExampleReports.rolledBack(), Map.of("More", new TextTable("a").row("the end")));

    assertThat(further.indexOf("the end")).isGreaterThan(further.indexOf("DROP_DATABASE"));
  }
}

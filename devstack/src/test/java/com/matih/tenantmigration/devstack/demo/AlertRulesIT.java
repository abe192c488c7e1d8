package com.matih.tenantmigration.devstack.demo;

import static org.assertj.core.api.Assertions.assertThat;

import com.matih.tenantmigration.embedded.tools.PrometheusTools;
import com.matih.tenantmigration.embedded.tools.PrometheusTools.Answer;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The alert rules by the word of Prometheus' own tool. */
@Tag("needs-prometheus")
class AlertRulesIT {

  private static final Path TESTS = MonitoringFiles.FOLDER.resolve("rules/tests.yml");

  @Test
  void theConfigurationAndTheRulesAreWellFormed() {
    Answer answer =
        PrometheusTools.promtool(
            "check", "config", MonitoringFiles.FOLDER.resolve("prometheus.yml").toString());

    assertThat(answer.output()).contains("SUCCESS: 1 rule files found");
    assertThat(answer.status()).as(answer.output()).isZero();
  }

  @Test
  void everyAlertFiresWhenItShouldAndOnlyThen() {
    Answer answer = PrometheusTools.promtool("test", "rules", TESTS.toString());

    assertThat(answer.status()).as(answer.output()).isZero();
    assertThat(MonitoringFiles.alertSelectors())
        .allSatisfy(alert -> assertThat(TESTS).content().contains("alertname: " + alert.place()));
  }
}

package com.matih.tenantmigration.worker.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import com.matih.tenantmigration.controlplane.ControlPlane;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class MetricsDocumentationTest {

  private static final Path OPERATIONS = Path.of("..", "docs", "operations.md");
  private static final Pattern DOCUMENTED = Pattern.compile("^\\| `(tenant_migration_\\w+)` \\|");
  private static final Pattern TOLD = Pattern.compile("^# TYPE (tenant_migration_\\w+) ");

  @Test
  void everyMetricOfMigrationsIsDocumentedAndNoOther() throws IOException {
    assertThat(names(DOCUMENTED, Files.readString(OPERATIONS))).isEqualTo(names(TOLD, told()));
  }

  /** No database is needed to see the names. */
  private static String told() {
    PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    try (ControlPlane nowhere = ControlPlane.open("jdbc:postgresql://127.0.0.1:1/none", "u", null);
        MigrationMetrics metrics = new MigrationMetrics(registry, nowhere)) {
      metrics.work().retries("CopyRows").increment();
      return registry.scrape();
    }
  }

  /** The maximum that a timer tells as a metric of its own is documented with the timer. */
  private static Set<String> names(Pattern pattern, String text) {
    return text.lines()
        .flatMap(line -> pattern.matcher(line).results().map(MatchResult::group))
        .map(line -> line.replaceAll("^.*(tenant_migration_\\w+).*$", "$1"))
        .filter(name -> !name.endsWith("_max"))
        .collect(Collectors.toCollection(TreeSet::new));
  }
}

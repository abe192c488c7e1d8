package com.matih.tenantmigration.benchmarks.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.matih.tenantmigration.benchmarks.measure.BenchmarkException;
import com.matih.tenantmigration.benchmarks.measure.Measurement;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The order of the contenders, and what becomes of one that does not bring all rows. */
class RoundsIT {

  @TempDir private static Path logs;

  private static BenchmarkServers servers;

  private final List<String> news = new ArrayList<>();
  private final Rounds rounds = new Rounds(servers, new TenantSize(Map.of("t", 5L)), news::add);

  @BeforeAll
  static void startServers() {
    servers = BenchmarkServers.start(logs);
  }

  @AfterAll
  static void stopServers() {
    servers.close();
  }

  @Test
  void eachRoundBeginsWithAnotherContender() throws Exception {
    List<Measurement> measurements =
        rounds.run(List.of(bringing("a", 5), bringing("b", 5), bringing("c", 5)), 3);

    assertThat(measurements)
        .extracting(one -> one.round() + one.contender())
        .containsExactly("1a", "1b", "1c", "2b", "2c", "2a", "3c", "3a", "3b");
    assertThat(measurements).extracting(Measurement::rows).containsOnly(5L);
    assertThat(news).hasSize(9);
  }

  @Test
  void oneThatLosesARowEndsTheBenchmark() {
    assertThatThrownBy(() -> rounds.run(List.of(bringing("a", 5), bringing("lossy", 4)), 1))
        .isInstanceOf(BenchmarkException.class)
        .hasMessageContaining("lossy brought 4 rows of t; the tenant has 5.");
  }

  private static Contender bringing(String name, int rows) {
    return new Contender() {

      @Override
      public String name() {
        return name;
      }

      @Override
      public String targetSchema() {
        return "public";
      }

      @Override
      public List<Step> steps(Database target, Path scratch) {
        return List.of(
            new Step(
                name,
                false,
                () ->
                    target.execute(
                        "CREATE TABLE t AS SELECT generate_series(1, %d)".formatted(rows))));
      }
    };
  }
}

package com.matih.tenantmigration.devstack.outage;

import static org.assertj.core.api.Assertions.assertThat;

import com.matih.tenantmigration.workflow.request.ShortDuration;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Migrations for as long as {@code -Dsoak=60m} says, a third of them with a fault: every tenant has
 * all that is its own afterwards, and nothing grows in the worker's process or on the servers.
 *
 * <p>{@code -Dsoak.tenants=20 -Dsoak.atOnce=2 -Dsoak.seed=1} are the defaults. The table goes to
 * {@code target/soak.txt}.
 */
@EnabledIfSystemProperty(named = "soak", matches = ".+")
class SoakIT {

  private static final Logger log = LoggerFactory.getLogger(SoakIT.class);
  private static final Path TABLE = Path.of("target", "soak.txt");
  private static final int TENANTS = Integer.getInteger("soak.tenants", 20);
  private static final int AT_ONCE = Integer.getInteger("soak.atOnce", 2);
  private static final long SEED = Long.getLong("soak.seed", 1);

  @TempDir private static Path directory;

  @Test
  void nothingGrowsWithTheNumberOfMigrations() throws Exception {
    Duration time = ShortDuration.parse(System.getProperty("soak"));
    Files.writeString(TABLE, "");
    try (OutageStack stack = OutageStack.withoutWorker(directory.resolve("snapshots"), TENANTS);
        SoakWorker worker =
            new SoakWorker(stack, Path.of("target", "soak-worker").toAbsolutePath())) {
      List<String> problems =
          new SoakRun(stack, worker, TENANTS, AT_ONCE, SEED, SoakIT::publish).run(time);

      assertThat(problems).isEmpty();
    }
  }

  private static synchronized void publish(String line) {
    log.info("{}", line);
    try {
      Files.writeString(TABLE, line + "\n", StandardOpenOption.APPEND);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}

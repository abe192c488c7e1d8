package com.matih.tenantmigration.activities.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import com.matih.tenantmigration.activities.postgres.sql.TableName;
import com.matih.tenantmigration.embedded.testing.TestServers;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A worker's process that is killed again and again while it copies. */
class CopyKillIT {

  private static final int KILLS = 10;
  private static final int RANGE_BYTES = 1 << 18;

  private final Random random = new Random(11);

  @TempDir Path folder;

  @Test
  void tenKillsLoseNoRowAndNoFinishedRangeIsReadAgain() throws Exception {
    try (CopyLab lab = CopyLab.rows(folder, "shared", List.of(), List.of(), List.of())) {
      lab.source.execute(
          "CREATE SCHEMA shared",
          "CREATE TABLE shared.events (id bigint PRIMARY KEY, tenant_id text, body text)",
          "INSERT INTO shared.events SELECT i, CASE WHEN i % 4 = 0 THEN 'globex' ELSE 'acme' END,"
              + " repeat('x', 150) || i FROM generate_series(1, 200000) i",
          "ANALYZE");
      lab.takeSnapshot();
      lab.createSchema();
      Set<String> finished = new HashSet<>();
      int kills = 0;
      for (int attempt = 0; kills < KILLS && attempt < 3 * KILLS; attempt++) {
        Path log = folder.resolve("parts." + attempt);
        if (killedOnItsWay(lab, log, finished.size())) {
          kills++;
        }
        assertThat(begun(log)).as("ranges of attempt %d", attempt).noneMatch(finished::contains);
        finished.addAll(ranges(lab, "WHERE epoch IS NOT NULL"));
      }

      assertThat(kills).isEqualTo(KILLS);
      Path log = folder.resolve("parts.last");
      assertThat(start(lab, log).waitFor()).isZero();

      Set<String> all = ranges(lab, "");
      assertThat(finished.size()).isBetween(KILLS / 2, all.size() - 1);
      assertThat(begun(log)).noneMatch(finished::contains);
      finished.addAll(begun(log));
      assertThat(finished).isEqualTo(all);
      assertThat(CopyLab.rows(lab.target, new TableName("shared", "events"), "true"))
          .isEqualTo(lab.sourceRows("events"))
          .startsWith("150000 ");
      lab.finish();
      assertThat(lab.target.query("SELECT indexname FROM pg_indexes WHERE schemaname = 'public'"))
          .containsExactly("events_pkey");
    }
  }

  /** Kills a copy at some moment after the next range arrived. */
  private boolean killedOnItsWay(CopyLab lab, Path log, int finishedBefore) throws Exception {
    Process process = start(lab, log);
    try {
      while (process.isAlive() && ranges(lab, "WHERE epoch IS NOT NULL").size() <= finishedBefore) {
        Thread.sleep(5);
      }
      Thread.sleep(random.nextInt(60));
      return process.isAlive();
    } finally {
      process.destroyForcibly();
      assertThat(process.waitFor(20, TimeUnit.SECONDS)).isTrue();
    }
  }

  private Process start(CopyLab lab, Path log) throws IOException {
    ProcessBuilder builder =
        new ProcessBuilder(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                CopyProcess.class.getName(),
                lab.spec().source().url(),
                lab.spec().target().url(),
                lab.context.migrationId(),
                String.valueOf(RANGE_BYTES),
                lab.snapshot.location(),
                log.toString()));
    builder.environment().put("SHARED", TestServers.postgres().password());
    builder.environment().put("DEDICATED", TestServers.dedicatedPostgres().password());
    File output = folder.resolve("output.log").toFile();
    return builder
        .redirectErrorStream(true)
        .redirectOutput(ProcessBuilder.Redirect.appendTo(output))
        .start();
  }

  /** The ranges whose parts were begun; a part's name is its range's and its attempt's. */
  private static List<String> begun(Path log) throws IOException {
    List<String> ranges = new ArrayList<>();
    if (Files.exists(log)) {
      for (String part : Files.readAllLines(log)) {
        ranges.add(part.replaceFirst("\\.\\d+\\.copy\\.\\w+$", ""));
      }
    }
    return ranges;
  }

  private static Set<String> ranges(CopyLab lab, String where) throws SQLException {
    return new HashSet<>(
        lab.target.query(
            "SELECT format('rows/%s/%s', lpad(t.number::text, 4, '0'),"
                + " lpad(c.first_block::text, 10, '0')) FROM tenant_migration.chunk c"
                + " JOIN tenant_migration.copied_table t USING (table_name) "
                + where));
  }
}

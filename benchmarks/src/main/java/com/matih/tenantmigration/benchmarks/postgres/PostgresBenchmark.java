package com.matih.tenantmigration.benchmarks.postgres;

import com.matih.tenantmigration.benchmarks.measure.Machine;
import com.matih.tenantmigration.benchmarks.measure.Measurement;
import com.matih.tenantmigration.benchmarks.measure.ResultTables.Absence;
import com.matih.tenantmigration.workflow.report.Units;
import com.matih.tenantmigration.workflow.request.PostgresSpec.Isolation;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** Times how a tenant's database is copied: by our engines, and by what else is used for it. */
public final class PostgresBenchmark {

  /** How many tables or indexes the programs work on at a time. */
  static final int JOBS = 2;

  /** The fewest rows of a tenant that a benchmark makes sense with. */
  public static final long LEAST_ROWS = TenantSize.LEAST;

  private final BenchmarkSettings settings;
  private final Path folder;
  private final Consumer<String> news;

  /**
   * @param folder for the logs of servers and programs
   * @param news is told what goes on, line by line
   */
  public PostgresBenchmark(BenchmarkSettings settings, Path folder, Consumer<String> news) {
    this.settings = settings;
    this.folder = folder;
    this.news = news;
  }

  /**
   * Starts the servers, loads the shared database, times all contenders and stops the servers.
   *
   * @throws com.matih.tenantmigration.benchmarks.measure.BenchmarkException if a contender cannot
   *     be run, or does not bring all rows
   */
  public PostgresResults run() throws SQLException, IOException, InterruptedException {
    Path logs = folder.resolve("logs");
    try (BenchmarkServers servers = BenchmarkServers.start(logs)) {
      Database maintenance = servers.shared("postgres");
      Machine machine = Machine.here(maintenance.query("SHOW server_version"));
      ClientTools tools =
          ClientTools.find(
              (int) maintenance.queryNumber("SHOW server_version_num") / 10_000,
              logs.resolve("programs.log"));
      news.accept(
          "Loading %s of %s rows each"
              .formatted(Units.plural(settings.tenants(), "tenant"), Units.count(settings.rows())));
      long begin = System.nanoTime();
      SharedDatabase shared = SharedDatabase.load(servers, settings);
      news.accept("  loaded in " + Units.duration(Duration.ofNanos(System.nanoTime() - begin)));
      List<Contender> contenders = new ArrayList<>();
      List<Absence> absent = new ArrayList<>();
      contenders.add(new OwnEngines(shared, servers.dedicated("postgres")));
      contenders.add(new DumpAndRestore(shared, tools));
      if (settings.isolation() == Isolation.SCHEMA) {
        PgCopyDb.find(shared, tools)
            .ifPresentOrElse(
                contenders::add, () -> absent.add(new Absence(PgCopyDb.NAME, "not installed")));
      }
      contenders.add(new BinaryPipes(shared, tools));
      news.accept("Copying in turn, " + Units.plural(settings.rounds(), "round"));
      List<Measurement> rounds =
          new Rounds(servers, shared.size(), news).run(contenders, settings.rounds());
      return PostgresResults.of(machine, shared, absent, rounds);
    }
  }
}

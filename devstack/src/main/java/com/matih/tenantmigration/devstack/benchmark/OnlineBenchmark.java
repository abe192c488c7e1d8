package com.matih.tenantmigration.devstack.benchmark;

import com.matih.tenantmigration.devstack.Devstack;
import com.matih.tenantmigration.devstack.DevstackException;
import com.matih.tenantmigration.devstack.DevstackSettings;
import com.matih.tenantmigration.devstack.StackEnd;
import com.matih.tenantmigration.devstack.Terminal;
import com.matih.tenantmigration.devstack.demo.Claim;
import com.matih.tenantmigration.devstack.demo.DemoMigration;
import com.matih.tenantmigration.devstack.demo.DemoResult;
import com.matih.tenantmigration.devstack.sample.SampleSize;
import com.matih.tenantmigration.workflow.report.MigrationReport;
import com.matih.tenantmigration.workflow.report.StoresSummary;
import com.matih.tenantmigration.workflow.request.Mode;
import com.matih.tenantmigration.workflow.request.PostgresSpec.Isolation;
import java.io.PrintWriter;
import java.io.Writer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/**
 * Migrates a tenant and one ten times as large, in turn, while both tenants write into all stores,
 * and takes down how long each was read-only.
 */
final class OnlineBenchmark {

  /** Who is moved: the smaller tenant first. */
  static final List<Tenant> TENANTS =
      List.of(new Tenant("1x", SampleSize.TENTH), new Tenant("10x", SampleSize.FULL));

  private final int rounds;
  private final int writers;
  private final Path folder;
  private final Consumer<String> progress;

  /** A tenant of some size. */
  record Tenant(String size, SampleSize sample) {}

  /**
   * @param rounds how often each tenant is moved
   * @param writers how many threads write for the moved tenant, and as many for its neighbour
   * @param folder takes a folder for each migration
   * @param progress is told of each migration
   */
  OnlineBenchmark(int rounds, int writers, Path folder, Consumer<String> progress) {
    this.rounds = rounds;
    this.writers = writers;
    this.folder = folder;
    this.progress = progress;
  }

  /**
   * Runs all migrations.
   *
   * @throws DevstackException where one did not complete, or lost a write
   */
  List<OnlineResults.Run> run() throws InterruptedException {
    List<OnlineResults.Run> runs = new ArrayList<>();
    for (int round = 1; round <= rounds; round++) {
      for (Tenant tenant : TENANTS) {
        OnlineResults.Run run = migrate(tenant, round);
        runs.add(run);
        progress.accept(
            "round %d, %s: read-only for %s s, %.0f writes/s"
                .formatted(
                    round,
                    tenant.size(),
                    OnlineResults.tenths(run.readOnlySeconds()),
                    run.writesPerSecond()));
      }
    }
    return runs;
  }

  private OnlineResults.Run migrate(Tenant tenant, int round) throws InterruptedException {
    Terminal silent = new Terminal(new PrintWriter(Writer.nullWriter()));
    DevstackSettings settings =
        new DevstackSettings(
            folder.resolve("round-%d-%s".formatted(round, tenant.size())),
            Optional.of(tenant.sample()),
            Isolation.ROWS,
            DevstackSettings.temporalAddressOfEnvironment());
    try (StackEnd end = StackEnd.onSignal(silent)) {
      Devstack devstack = end.whenDone(Devstack.start(settings, silent));
      DemoResult result =
          new DemoMigration(devstack, silent, Mode.ONLINE, Set.of(), live -> {}, writers).run();
      requireExact(result);
      MigrationReport report = result.report();
      return new OnlineResults.Run(
          tenant.size(), rows(report), readOnlySeconds(report), result.writesPerSecond());
    }
  }

  private static void requireExact(DemoResult result) {
    for (Claim claim : result.broken()) {
      throw new DevstackException(
          "This does not hold after the migration: %s (%s)."
              .formatted(claim.sentence(), claim.evidence()));
    }
  }

  private static long rows(MigrationReport report) {
    return report.stores().postgres().tables().stream().mapToLong(StoresSummary.Table::rows).sum();
  }

  private static double readOnlySeconds(MigrationReport report) {
    Double seconds = report.writeFenceSeconds();
    if (seconds == null) {
      throw new DevstackException(
          "The migration ended as %s before the tenant was read-only.".formatted(report.outcome()));
    }
    return seconds;
  }
}

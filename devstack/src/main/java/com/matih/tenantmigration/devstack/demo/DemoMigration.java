package com.matih.tenantmigration.devstack.demo;

import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.matih.tenantmigration.controlplane.TenantConfig;
import com.matih.tenantmigration.devstack.Devstack;
import com.matih.tenantmigration.devstack.Terminal;
import com.matih.tenantmigration.devstack.faults.Fault;
import com.matih.tenantmigration.devstack.faults.FaultPlanter;
import com.matih.tenantmigration.devstack.faults.Scene;
import com.matih.tenantmigration.devstack.sample.SampleTenant;
import com.matih.tenantmigration.devstack.services.TenantRoute;
import com.matih.tenantmigration.devstack.services.Traffic;
import com.matih.tenantmigration.starter.MigrationWatch;
import com.matih.tenantmigration.starter.TemporalService;
import com.matih.tenantmigration.starter.TenantMigrations;
import com.matih.tenantmigration.starter.state.LiveMigration;
import com.matih.tenantmigration.worker.WorkerConfigurationReader;
import com.matih.tenantmigration.worker.WorkerProcess;
import com.matih.tenantmigration.workflow.CheckName;
import com.matih.tenantmigration.workflow.Outcome;
import com.matih.tenantmigration.workflow.report.MigrationReport;
import com.matih.tenantmigration.workflow.request.MigrationRequest;
import com.matih.tenantmigration.workflow.request.Mode;
import com.matih.tenantmigration.workflow.request.PostgresSpec.Isolation;
import com.matih.tenantmigration.workflow.request.validation.RequestReader;
import io.temporal.common.interceptors.WorkerInterceptor;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;

/**
 * One migration of acme on a devstack, with both tenants writing meanwhile, and the proof of what
 * is claimed of it: against the servers themselves, not by the migration's own word.
 */
public final class DemoMigration {

  private static final SampleTenant MOVED = SampleTenant.ACME;
  private static final SampleTenant NEIGHBOUR = SampleTenant.GLOBEX;
  private static final int SOME_WRITES = 20;

  private final Devstack devstack;
  private final Terminal terminal;
  private final Mode mode;
  private final Set<CheckName> failing;
  private final Consumer<LiveMigration> view;
  private final int writers;

  /** The same of tenants with one writer each. */
  public DemoMigration(
      Devstack devstack,
      Terminal terminal,
      Mode mode,
      Set<CheckName> failing,
      Consumer<LiveMigration> view) {
    this(devstack, terminal, mode, failing, view, 1);
  }

  /**
   * @param mode whether acme works while it moves
   * @param failing the checks that are to find a planted fault each; none for a migration that
   *     succeeds
   * @param view is shown how the migration gets on
   * @param writers how many threads write for each tenant
   */
  public DemoMigration(
      Devstack devstack,
      Terminal terminal,
      Mode mode,
      Set<CheckName> failing,
      Consumer<LiveMigration> view,
      int writers) {
    this.devstack = devstack;
    this.terminal = terminal;
    this.mode = mode;
    this.failing = Set.copyOf(failing);
    this.view = view;
    this.writers = writers;
  }

  /** Migrates and proves. */
  public DemoResult run() throws InterruptedException {
    SharedSide sharedSide = new SharedSide(devstack.sides().shared());
    Map<String, StoreDigest> before = sharedSide.read();
    terminal.line("  the shared side holds " + SharedSide.describe(before));
    TenantConfig configBefore = config();
    try (TemporalService temporal = TemporalService.connect(devstack.environment());
        WorkerProcess worker = startWorker();
        Writers neighbour = Writers.start(devstack.routes(), NEIGHBOUR, true, writers);
        Writers own = Writers.start(devstack.routes(), MOVED, mode == Mode.ONLINE, writers)) {
      neighbour.awaitMore(SOME_WRITES);
      own.awaitMore(SOME_WRITES);
      terminal.line("  the worker answers at " + worker.address());
      terminal.line("  both tenants are writing");
      MigrationReport report = migrate(temporal);
      double writesPerSecond = own.writesPerSecond();
      List<Integer> accepted = own.all().stream().map(Traffic::acceptedCount).toList();
      own.awaitMore(SOME_WRITES);
      own.close();
      neighbour.close();
      terminal.heading("Reading the servers");
      List<Claim> claims = new ArrayList<>(SharedSideClaims.unchanged(before, sharedSide.read()));
      for (Traffic traffic : neighbour.all()) {
        claims.add(SharedSideClaims.neighbourUntroubled(traffic, route(NEIGHBOUR)));
      }
      for (int i = 0; i < writers; i++) {
        claims.add(SharedSideClaims.nothingLost(own.all().get(i), route(MOVED), accepted.get(i)));
      }
      claims.addAll(outcomeClaims(report, configBefore));
      claims.add(
          History.isSmallAndWithoutSecrets(
              temporal.client(), report, devstack.sides(), devstack.settings().directory()));
      return new DemoResult(report, claims, writesPerSecond);
    } finally {
      devstack.services().repair();
    }
  }

  private WorkerProcess startWorker() {
    List<WorkerInterceptor> interceptors =
        failing.isEmpty()
            ? List.of()
            : List.of(
                new FaultPlanter(
                    failing.stream().map(check -> Fault.foundBy(check, mode)).toList(), scene()));
    return WorkerProcess.start(
        WorkerConfigurationReader.read(devstack.settings().workerConfiguration()),
        devstack.environment(),
        interceptors);
  }

  private Scene scene() {
    return new Scene(devstack.sides(), MOVED, NEIGHBOUR, isolation(), devstack.services());
  }

  private Isolation isolation() {
    return devstack.settings().isolation();
  }

  private MigrationReport migrate(TemporalService temporal) throws InterruptedException {
    MigrationRequest request =
        new RequestReader(new YAMLFactory())
            .read(devstack.request(isolation()))
            .request()
            .orElseThrow(() -> new IllegalStateException("the sample's request is wrong"))
            .in(mode);
    TenantMigrations migrations = new TenantMigrations(temporal.client(), devstack.controlPlane());
    terminal.heading("Migrating " + MOVED.id());
    var started = migrations.start(request);
    terminal.line("  workflow %s, run %s".formatted(started.workflowId(), started.runId()));
    return new MigrationWatch(migrations, view).follow(MOVED.id());
  }

  private List<Claim> outcomeClaims(MigrationReport report, TenantConfig configBefore) {
    var audit = devstack.controlPlane().auditTrail().list(MOVED.id());
    MigrationReport kept =
        devstack.controlPlane().migrations().latest(MOVED.id()).orElseThrow().report();
    DedicatedSide dedicated =
        new DedicatedSide(
            devstack.sides().shared(), devstack.sides().dedicated(), MOVED, NEIGHBOUR);
    List<Claim> claims = new ArrayList<>();
    if (!failing.isEmpty()) {
      failing.forEach(check -> claims.add(OutcomeClaims.faultFound(report, check)));
      claims.add(
          Claim.unless(
              dedicated.leftovers(),
              "nothing is left on the dedicated side",
              "no database, bucket, topic, group, index or key"));
      claims.add(OutcomeClaims.routedAsBefore(configBefore, config()));
      claims.add(OutcomeClaims.recordsAgree(report, kept, audit, Outcome.ROLLED_BACK));
      failing.forEach(check -> claims.add(OutcomeClaims.auditSaysWhy(report, audit, check)));
    } else {
      claims.add(OutcomeClaims.allChecksPassed(report));
      claims.add(
          Claim.unless(
              report.outcome() == Outcome.COMPLETED ? dedicated.foreignThings() : List.of(),
              "nothing of %s is on the dedicated side".formatted(NEIGHBOUR.id()),
              "rows, objects, records, documents and keys were searched"));
      claims.add(OutcomeClaims.routedToDedicated(MOVED, config(), devstack.sides().dedicated()));
      claims.add(OutcomeClaims.recordsAgree(report, kept, audit, Outcome.COMPLETED));
    }
    return claims;
  }

  private TenantConfig config() {
    return devstack.controlPlane().tenantConfigs().find(MOVED.id()).orElseThrow();
  }

  private TenantRoute route(SampleTenant tenant) {
    return devstack.routes().of(tenant).orElseThrow();
  }
}

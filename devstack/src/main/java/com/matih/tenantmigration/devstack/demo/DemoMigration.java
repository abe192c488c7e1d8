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
import java.time.Duration;
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
  private static final Duration PATIENCE = Duration.ofSeconds(20);
  private static final int SOME_WRITES = 20;

  private final Devstack devstack;
  private final Terminal terminal;
  private final Mode mode;
  private final Set<CheckName> failing;
  private final Consumer<LiveMigration> view;

  /**
   * @param mode whether acme works while it moves
   * @param failing the checks that are to find a planted fault each; none for a migration that
   *     succeeds
   * @param view is shown how the migration gets on
   */
  public DemoMigration(
      Devstack devstack,
      Terminal terminal,
      Mode mode,
      Set<CheckName> failing,
      Consumer<LiveMigration> view) {
    this.devstack = devstack;
    this.terminal = terminal;
    this.mode = mode;
    this.failing = Set.copyOf(failing);
    this.view = view;
  }

  /** Migrates and proves. */
  public DemoResult run() throws InterruptedException {
    SharedSide sharedSide = new SharedSide(devstack.sides().shared());
    Map<String, StoreDigest> before = sharedSide.read();
    terminal.line("  the shared side holds " + SharedSide.describe(before));
    TenantConfig configBefore = config();
    try (TemporalService temporal = TemporalService.connect(devstack.environment());
        WorkerProcess worker = startWorker();
        Traffic neighbour = Traffic.start(devstack.routes(), NEIGHBOUR);
        Traffic own = Traffic.start(devstack.routes(), MOVED, mode == Mode.ONLINE)) {
      awaitMore(neighbour, SOME_WRITES);
      awaitMore(own, SOME_WRITES);
      terminal.line("  the worker answers at " + worker.address());
      terminal.line("  both tenants are writing");
      MigrationReport report = migrate(temporal);
      int accepted = own.acceptedCount();
      awaitMore(own, SOME_WRITES);
      own.close();
      neighbour.close();
      terminal.heading("Reading the servers");
      List<Claim> claims = new ArrayList<>(SharedSideClaims.unchanged(before, sharedSide.read()));
      claims.add(SharedSideClaims.neighbourUntroubled(neighbour, route(NEIGHBOUR)));
      claims.add(SharedSideClaims.nothingLost(own, route(MOVED), accepted));
      claims.addAll(outcomeClaims(report, configBefore));
      claims.add(
          History.isSmallAndWithoutSecrets(
              temporal.client(), report, devstack.sides(), devstack.settings().directory()));
      return new DemoResult(report, claims);
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

  /** Waits until that many more writes were accepted, or long enough. */
  private static void awaitMore(Traffic traffic, int writes) throws InterruptedException {
    int enough = traffic.acceptedCount() + writes;
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (traffic.acceptedCount() < enough && System.nanoTime() < deadline) {
      Thread.sleep(50);
    }
  }
}

package com.matih.tenantmigration.devstack.outage;

import com.matih.tenantmigration.starter.TenantMigrations;
import com.matih.tenantmigration.workflow.Phase;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/** One cell: brings a tenant's migration to the stage, takes the store away, and steers. */
final class CellRun {

  /** Of a migration that has no outage before it, on a machine that carries all servers. */
  private static final Duration TO_THE_STAGE = Duration.ofMinutes(20);

  /** After which a migration whose store is away for good must have given up. */
  private static final Duration TO_THE_END = Duration.ofMinutes(40);

  private final OutageStack stack;
  private final TenantServices services;
  private final OutageTenant tenant;
  private final Cell cell;
  private @Nullable Instant gone;
  private @Nullable Instant returned;
  private @Nullable Instant cancelled;
  private String refusedCommand = "";

  CellRun(OutageStack stack, TenantServices services, OutageTenant tenant, Cell cell) {
    this.stack = stack;
    this.services = services;
    this.tenant = tenant;
    this.cell = cell;
  }

  Cell cell() {
    return cell;
  }

  OutageTenant tenant() {
    return tenant;
  }

  /** Starts the migration; returns when the store is away. */
  void startAndAwaitStage() throws InterruptedException {
    TenantMigrations migrations = stack.migrations();
    boolean withApproval = cell.stage() == Stage.AWAITING_APPROVAL;
    boolean onTheWayBack = cell.stage() == Stage.ROLLING_BACK;
    StageGate.Gate gate = stack.gate().at(tenant.id(), onTheWayBack ? Stage.COPY : cell.stage());
    var unused = migrations.start(tenant.request(withApproval, cell.stage().mode()));
    if (withApproval) {
      awaitUnlessEnded(
          () -> migrations.status(tenant.id()).phase() == Phase.AWAITING_APPROVAL, TO_THE_STAGE);
      loseStore();
      migrations.approve(tenant.id(), "judge");
      return;
    }
    awaitArrival(gate);
    if (onTheWayBack) {
      gate = stack.gate().at(tenant.id(), Stage.ROLLING_BACK);
      migrations.cancel(tenant.id(), "to see the way back", "judge");
      awaitArrival(gate);
    }
    loseStore();
    gate.open();
  }

  private void loseStore() {
    tenant.doors().begin(cell.fault(), cell.store());
    gone = Instant.now();
  }

  private void awaitArrival(StageGate.Gate gate) throws InterruptedException {
    Instant deadline = Instant.now().plus(TO_THE_STAGE);
    while (true) {
      try {
        var unused = gate.arrived().get(1, TimeUnit.SECONDS);
        return;
      } catch (TimeoutException e) {
        requireUnderWay(deadline);
      } catch (ExecutionException e) {
        throw new IllegalStateException(e);
      }
    }
  }

  private void awaitUnlessEnded(BooleanSupplier seen, Duration patience)
      throws InterruptedException {
    Instant deadline = Instant.now().plus(patience);
    while (!seen.getAsBoolean()) {
      requireUnderWay(deadline);
      Thread.sleep(500);
    }
  }

  private void requireUnderWay(Instant deadline) {
    if (services.of(tenant).outcome().isPresent() || Instant.now().isAfter(deadline)) {
      throw new IllegalStateException(
          "the migration did not come to %s: %s"
              .formatted(cell.stage(), stack.migrations().report(tenant.id())));
    }
  }

  /** Does what an operator does while the store is away. */
  void act() throws InterruptedException {
    if (cell.act() == Cell.Act.NONE) {
      return;
    }
    Thread.sleep(Duration.ofSeconds(3).toMillis());
    try {
      if (cell.act() == Cell.Act.CANCEL) {
        var unused = stack.migrations().cancel(tenant.id(), "the store is away", "judge");
        cancelled = Instant.now();
      } else {
        stack.migrations().pause(tenant.id(), "the store is away", "judge");
      }
    } catch (RuntimeException e) {
      refusedCommand = String.valueOf(e.getMessage());
    }
  }

  /** Lets the store return when its time has come, waits for the end, and judges. */
  Verdict judge() throws InterruptedException {
    TenantServices.Seen seen = services.of(tenant);
    Duration length = cell.length();
    if (length != null) {
      Thread.sleep(Math.max(0, Duration.between(Instant.now(), gone.plus(length)).toMillis()));
      bringStoreBack();
    } else if (OutageRun.waitsForOthers(cell)) {
      bringStoreBack();
    }
    if (cell.act() == Cell.Act.PAUSE && refusedCommand.isEmpty()) {
      stack.migrations().resume(tenant.id(), "judge");
    }
    Instant deadline = Instant.now().plus(TO_THE_END);
    while (seen.outcome().isEmpty() && Instant.now().isBefore(deadline)) {
      Thread.sleep(500);
    }
    Judge judge = new Judge(stack, services, tenant, cell, refusedCommand);
    Verdict verdict = judge.judge(gone, returned, cancelled);
    if (returned == null) {
      bringStoreBack();
    }
    return judge.afterRepair(verdict);
  }

  private void bringStoreBack() {
    tenant.doors().end(cell.store());
    returned = Instant.now();
  }

  /** Of a cell in which the test itself got into trouble. */
  Verdict failed(RuntimeException e) {
    if (gone != null && returned == null) {
      bringStoreBack();
    }
    return new Verdict(
        cell,
        tenant.id(),
        services.of(tenant).outcome().orElse("RUNNING"),
        "",
        null,
        services.of(tenant).longestReadOnly(),
        "",
        List.of(e.toString()));
  }
}

package com.matih.tenantmigration.devstack.outage;

import static org.awaitility.Awaitility.await;

import com.matih.tenantmigration.workflow.report.MigrationReport;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * The control plane goes for all tenants at once, each of which is held at another stage until it
 * is gone.
 */
final class ControlPlaneRun {

  private static final Duration TO_THE_STAGE = Duration.ofMinutes(5);
  private static final Duration TO_THE_END = Duration.ofMinutes(10);

  private final OutageStack stack;
  private final Map<Stage, OutageTenant> tenants = new EnumMap<>(Stage.class);

  ControlPlaneRun(OutageStack stack, List<Stage> stages) {
    this.stack = stack;
    stages.forEach(stage -> tenants.put(stage, stack.tenant("without_control_plane")));
    OutageSample.add(stack, List.copyOf(tenants.values()));
  }

  /** What became of one tenant. */
  record Verdict(
      Stage stage, Optional<String> outcome, Duration writing, List<String> lost, String failure) {}

  /** Lets the control plane return after a time, and judges each tenant. */
  List<Verdict> run(Duration length)
      throws InterruptedException, ExecutionException, TimeoutException, IOException {
    try (TenantServices services = new TenantServices(stack, List.copyOf(tenants.values()))) {
      List<StageGate.Gate> gates = new ArrayList<>();
      Map<Stage, StageGate.Gate> first = new EnumMap<>(Stage.class);
      tenants.forEach((stage, tenant) -> first.put(stage, start(stage, tenant)));
      for (Map.Entry<Stage, StageGate.Gate> gate : first.entrySet()) {
        gates.add(hold(gate.getKey(), gate.getValue()));
      }
      stack.controlDoor().goAway();
      gates.forEach(StageGate.Gate::open);
      Thread.sleep(length.toMillis());
      stack.controlDoor().comeBack();
      Instant returned = Instant.now();
      List<Verdict> verdicts = new ArrayList<>();
      for (Map.Entry<Stage, OutageTenant> tenant : tenants.entrySet()) {
        verdicts.add(judge(tenant.getKey(), tenant.getValue(), services, returned));
      }
      return verdicts;
    }
  }

  private StageGate.Gate start(Stage stage, OutageTenant tenant) {
    StageGate.Gate gate =
        stack.gate().at(tenant.id(), stage == Stage.ROLLING_BACK ? Stage.COPY : stage);
    var unused = stack.migrations().start(tenant.request(false, stage.mode()));
    return gate;
  }

  private StageGate.Gate hold(Stage stage, StageGate.Gate first)
      throws InterruptedException, ExecutionException, TimeoutException {
    awaitArrival(first);
    if (stage != Stage.ROLLING_BACK) {
      return first;
    }
    String tenant = Objects.requireNonNull(tenants.get(stage)).id();
    StageGate.Gate gate = stack.gate().at(tenant, stage);
    var unused = stack.migrations().cancel(tenant, "to see the way back", "judge");
    awaitArrival(gate);
    return gate;
  }

  private static void awaitArrival(StageGate.Gate gate)
      throws InterruptedException, ExecutionException, TimeoutException {
    var unused = gate.arrived().get(TO_THE_STAGE.toSeconds(), TimeUnit.SECONDS);
  }

  private Verdict judge(
      Stage stage, OutageTenant tenant, TenantServices services, Instant returned) {
    TenantServices.Seen seen = services.of(tenant);
    await().atMost(TO_THE_END).until(() -> seen.outcome().isPresent());
    await().atMost(Judge.PROMISE).until(() -> seen.firstWrite(returned).isPresent());
    return new Verdict(
        stage,
        seen.outcome(),
        Duration.between(returned, seen.firstWrite(returned).orElseThrow().at()),
        services.lost(tenant),
        stack
            .migrations()
            .report(tenant.id())
            .map(MigrationReport::failure)
            .map(failure -> failure.phase() + " " + failure.type())
            .orElse(""));
  }
}

package com.matih.tenantmigration.controlplane;

import static org.assertj.core.api.Assertions.assertThat;

import com.matih.tenantmigration.controlplane.TenantConfig.State;
import com.matih.tenantmigration.workflow.Outcome;
import com.matih.tenantmigration.workflow.Phase;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class MigrationOverviewIT {

  private final TestControlPlane database = new TestControlPlane();
  private final Migrations migrations = database.controlPlane().migrations();
  private final TenantConfigs configs = database.controlPlane().tenantConfigs();

  @BeforeEach
  void addTenants() {
    for (String tenant : List.of("acme", "globex", "initech")) {
      configs.add(TestControlPlane.config(tenant));
    }
  }

  @AfterEach
  void close() {
    database.close();
  }

  @Test
  void withoutMigrationsThereIsNothingToSee() {
    assertThat(migrations.overview()).isEqualTo(new MigrationOverview(Map.of(), 0, 0, 0, 0, 0));
  }

  @Test
  void runningMigrationsAreCountedByPhase() {
    keep("acme", "m1", Phase.COPY, Outcome.RUNNING);
    keep("globex", "m2", Phase.COPY, Outcome.RUNNING);
    keep("initech", "m3", Phase.COMPLETED, Outcome.COMPLETED);

    assertThat(migrations.overview().running()).isEqualTo(Map.of(Phase.COPY, 2L));
  }

  @Test
  void aPhaseThatOnlyANewerReleaseKnowsHidesNoOther() {
    keep("acme", "m1", Phase.COPY, Outcome.RUNNING);
    keep("globex", "m2", Phase.COPY, Outcome.RUNNING);
    database.execute(
        "UPDATE tenant_control.migration SET phase = 'MOVE_BACK' WHERE tenant_id = 'globex'");

    assertThat(migrations.overview().running()).isEqualTo(Map.of(Phase.COPY, 1L));
  }

  @Test
  void theLongestWaitForAnApprovalIsSeenUntilItEnds() throws Exception {
    enter("acme", "m1", Phase.AWAITING_APPROVAL);
    Thread.sleep(300);
    enter("globex", "m2", Phase.AWAITING_APPROVAL);

    assertThat(migrations.overview().longestApprovalWaitSeconds()).isBetween(0.3, 60.0);

    enter("acme", "m1", Phase.FENCE);
    keep("globex", "m2", Phase.ROLLED_BACK, Outcome.ROLLED_BACK);

    assertThat(migrations.overview().longestApprovalWaitSeconds()).isZero();
  }

  @Test
  void aFenceIsSeenUntilTheTenantMayWriteAndAgesThroughTheSwitchOfTheRoute() throws Exception {
    change("acme", "m1", "READ_ONLY", State.READ_ONLY);
    Thread.sleep(300);
    change("acme", "m1", "SWITCH_ROUTE", State.READ_ONLY);

    MigrationOverview held = migrations.overview();
    assertThat(held.fencedTenants()).isEqualTo(1);
    assertThat(held.longestFenceSeconds()).isBetween(0.3, 60.0);

    change("acme", "m1", "ACTIVATE", State.ACTIVE);

    assertThat(migrations.overview().fencedTenants()).isZero();
    assertThat(migrations.overview().longestFenceSeconds()).isZero();
  }

  @Test
  void aRollbackIsSeenForAsLongAsItDoesNotBringItsTenantBack() throws Exception {
    change("acme", "m1", "READ_ONLY", State.READ_ONLY);
    assertThat(migrations.overview().longestWayBackSeconds()).isZero();
    enter("acme", "m1", Phase.ROLLING_BACK);
    Thread.sleep(300);

    assertThat(migrations.overview().longestWayBackSeconds()).isBetween(0.3, 60.0);

    change("acme", "m1", "REACTIVATE", State.ACTIVE);

    assertThat(migrations.overview().longestWayBackSeconds())
        .as("what is cleaned up holds no tenant up")
        .isZero();
  }

  @Test
  void aTenantThatThePlatformItselfMadeReadOnlyIsNotFenced() {
    change("acme", "m1", "READ_ONLY", State.READ_ONLY);
    change("acme", "m1", "REACTIVATE", State.ACTIVE);
    for (String tenant : List.of("acme", "globex")) {
      TenantConfig seen = configs.find(tenant).orElseThrow();
      assertThat(configs.compareAndSet(seen, with(seen, State.READ_ONLY))).isTrue();
    }

    assertThat(migrations.overview().fencedTenants()).isZero();
  }

  @Test
  void anIncompleteRollbackStandsUntilTheTenantsNextMigrationAndARefusedOneIsNone() {
    keep("acme", "m1", Phase.ROLLBACK_INCOMPLETE, Outcome.ROLLBACK_INCOMPLETE);
    keep("acme", "m2", Phase.REFUSED, Outcome.REFUSED);
    keep("globex", "m3", Phase.ROLLED_BACK, Outcome.ROLLED_BACK);

    assertThat(migrations.overview().unresolvedRollbacks()).isEqualTo(1);

    keep("acme", "m4", Phase.COMPLETED, Outcome.COMPLETED);

    assertThat(migrations.overview().unresolvedRollbacks()).isZero();
  }

  private void enter(String tenant, String migration, Phase phase) {
    migrations.keep(
        phase,
        MigrationsIT.report(tenant, migration, Outcome.RUNNING),
        List.of(
            new AuditEntry(
                migration, tenant, phase + "-PHASE", phase, "PHASE", "STARTED", Map.of())));
  }

  private void keep(String tenant, String migration, Phase phase, Outcome outcome) {
    migrations.keep(phase, MigrationsIT.report(tenant, migration, outcome), List.of());
  }

  private void change(String tenant, String migration, String step, State state) {
    boolean changed =
        configs.locked(
            tenant,
            locked -> {
              locked.change(
                  with(locked.current().orElseThrow(), state),
                  new AuditEntry(
                      migration, tenant, step, Phase.CUTOVER, "CHANGE", "DONE", Map.of()));
              return true;
            });
    assertThat(changed).isTrue();
  }

  private static TenantConfig with(TenantConfig config, State state) {
    return new TenantConfig(
        config.tenantId(),
        config.tier(),
        state,
        config.databaseUrl(),
        config.objectStorageUrl(),
        config.kafkaBootstrap(),
        config.elasticsearchUrl(),
        config.redisUrl(),
        config.version(),
        config.updatedAt());
  }
}

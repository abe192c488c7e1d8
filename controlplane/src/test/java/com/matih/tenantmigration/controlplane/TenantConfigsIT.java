package com.matih.tenantmigration.controlplane;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.matih.tenantmigration.controlplane.TenantConfig.State;
import com.matih.tenantmigration.workflow.FailureType;
import com.matih.tenantmigration.workflow.MigrationException;
import com.matih.tenantmigration.workflow.Phase;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class TenantConfigsIT {

  private static TestControlPlane database;

  private final TenantConfigs configs = database.controlPlane().tenantConfigs();
  private final AuditTrail audit = database.controlPlane().auditTrail();

  @BeforeAll
  static void open() {
    database = new TestControlPlane();
  }

  @AfterAll
  static void close() {
    database.close();
  }

  @Test
  void aTenantWithoutARowIsUnknown() {
    assertThat(configs.find("nobody")).isEmpty();
  }

  @Test
  void aTenantIsAddedOnceAndReadBackWhole() {
    TenantConfig config = TestControlPlane.config("added");

    assertThat(configs.add(config)).isTrue();
    assertThat(configs.add(config.withTier("OTHER"))).isFalse();
    TenantConfig found = configs.find("added").orElseThrow();
    assertThat(found.saysTheSameAs(config)).isTrue();
    assertThat(found.version()).isEqualTo(1);
    assertThat(found.updatedAt()).isAfter(Instant.EPOCH);
  }

  @Test
  void aChangeRaisesTheVersionAndAStaleOneIsRefused() {
    TenantConfig seen = added("cas");

    assertThat(configs.compareAndSet(seen, seen.withState(State.READ_ONLY))).isTrue();
    assertThat(configs.compareAndSet(seen, seen.withTier("X"))).isFalse();
    TenantConfig now = configs.find("cas").orElseThrow();
    assertThat(now.version()).isEqualTo(2);
    assertThat(now.state()).isEqualTo(State.READ_ONLY);
    assertThat(now.tier()).isEqualTo("STARTER");
  }

  @Test
  void ofManyChangesFromTheSameVersionExactlyOneGetsThrough() throws Exception {
    TenantConfig seen = added("race");
    ExecutorService threads = Executors.newFixedThreadPool(4);
    Callable<Boolean> change = () -> configs.compareAndSet(seen, seen.withTier("X"));

    long won = 0;
    for (Future<Boolean> result : threads.invokeAll(List.of(change, change, change, change))) {
      won += result.get() ? 1 : 0;
    }
    threads.shutdown();

    assertThat(won).isEqualTo(1);
    assertThat(configs.find("race").orElseThrow().version()).isEqualTo(2);
  }

  @Test
  void aChangeAndItsAuditLineCommitTogether() {
    TenantConfig before = added("together");

    changed("together", "m1", "STEP");

    assertThat(configs.find("together").orElseThrow().state()).isEqualTo(State.READ_ONLY);
    assertThat(audit.has("m1", "STEP")).isTrue();
    TenantConfig kept =
        configs.locked("together", locked -> locked.before("m1", "STEP").orElseThrow());
    assertThat(kept).isEqualTo(before);
  }

  @Test
  void whereTheWorkFailsNeitherTheChangeNorItsAuditLineStays() {
    added("failing");

    assertThatThrownBy(
            () ->
                configs.locked(
                    "failing",
                    locked -> {
                      locked.change(
                          locked.current().orElseThrow().withTier("X"),
                          entry("failing", "m2", "S"));
                      throw new IllegalStateException("after the change");
                    }))
        .isInstanceOf(IllegalStateException.class);

    assertThat(configs.find("failing").orElseThrow().version()).isEqualTo(1);
    assertThat(audit.has("m2", "S")).isFalse();
  }

  @Test
  void aStepThatHasItsLineChangesNothingASecondTime() {
    added("twice");
    changed("twice", "m3", "STEP");

    assertThatThrownBy(() -> changed("twice", "m3", "STEP"))
        .isInstanceOfSatisfying(
            MigrationException.class,
            e -> assertThat(e.type()).isEqualTo(FailureType.CONFIGURATION_CONFLICT));
    assertThat(configs.find("twice").orElseThrow().version()).isEqualTo(2);
  }

  private static void changed(String tenant, String migration, String step) {
    var unused =
        database
            .controlPlane()
            .tenantConfigs()
            .locked(
                tenant,
                locked -> {
                  locked.change(
                      locked.current().orElseThrow().withState(State.READ_ONLY),
                      entry(tenant, migration, step));
                  return true;
                });
  }

  private static AuditEntry entry(String tenant, String migration, String step) {
    return new AuditEntry(migration, tenant, step, Phase.FENCE, "EVENT", "DONE", Map.of());
  }

  private TenantConfig added(String tenant) {
    configs.add(TestControlPlane.config(tenant));
    return configs.find(tenant).orElseThrow();
  }
}

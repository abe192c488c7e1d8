package com.matih.tenantmigration.devstack.demo;

import static org.assertj.core.api.Assertions.assertThat;

import com.matih.tenantmigration.workflow.CheckName;
import com.matih.tenantmigration.workflow.Outcome;
import com.matih.tenantmigration.workflow.request.Mode;
import com.matih.tenantmigration.workflow.request.PostgresSpec.Isolation;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The whole main job where tenants share tables. The rollbacks come first: each must leave
 * everything as it was, or the next migration could not begin.
 */
@Order(1) // it takes long
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class MigrationOfRowsIT {

  @TempDir private static Path directory;

  private static DemoStack stack;

  @BeforeAll
  static void start() {
    stack = new DemoStack(directory, Isolation.ROWS);
  }

  @AfterAll
  static void stop() {
    stack.close();
  }

  /**
   * In each group no check fails by another's fault. API_HEALTH has one of its own: it looks at the
   * live route, which is switched only after the others have passed.
   */
  static List<Set<CheckName>> faults() {
    return List.of(
        Set.of(
            CheckName.ROW_CONTENT,
            CheckName.OBJECT_CHECKSUM,
            CheckName.RECORD_CONTENT,
            CheckName.DOCUMENT_CONTENT,
            CheckName.CACHE_CONTENT),
        Set.of(
            CheckName.PRIMARY_KEY_CHECKSUM,
            CheckName.QUERY_TEST,
            CheckName.STORAGE_REFERENCES,
            CheckName.OBJECT_SIZE,
            CheckName.SOURCE_QUIET),
        Set.of(CheckName.ROW_COUNT, CheckName.OBJECT_COUNT),
        Set.of(CheckName.TENANT_LEAK),
        Set.of(CheckName.API_HEALTH));
  }

  @Test
  void everyCheckHasAFault() {
    assertThat(faults().stream().flatMap(Set::stream))
        .containsExactlyInAnyOrder(CheckName.values());
  }

  @Order(1)
  @ParameterizedTest
  @MethodSource("faults")
  void eachPlantedFaultIsFoundByItsCheckAndEverythingIsAsItWas(Set<CheckName> checks)
      throws InterruptedException {
    DemoResult result = stack.migrate(Mode.OFFLINE, checks);

    assertThat(result.broken()).isEmpty();
    assertThat(result.report().outcome()).isEqualTo(Outcome.ROLLED_BACK);
  }

  /** What a check finds while the tenant works, then what shows only when it is read-only. */
  static List<Set<CheckName>> faultsOfAWorkingTenant() {
    return List.of(
        Set.of(
            CheckName.ROW_CONTENT,
            CheckName.STORAGE_REFERENCES,
            CheckName.OBJECT_CHECKSUM,
            CheckName.DOCUMENT_CONTENT),
        Set.of(CheckName.RECORD_CONTENT),
        Set.of(CheckName.CACHE_CONTENT),
        Set.of(CheckName.SOURCE_QUIET));
  }

  @Order(2)
  @ParameterizedTest
  @MethodSource("faultsOfAWorkingTenant")
  void theSameHoldsForATenantThatWorksMeanwhile(Set<CheckName> checks) throws InterruptedException {
    DemoResult result = stack.migrate(Mode.ONLINE, checks);

    assertThat(result.broken()).isEmpty();
    assertThat(result.report().outcome()).isEqualTo(Outcome.ROLLED_BACK);
  }

  @Order(3)
  @Test
  void aTenantThatWritesIntoAllStoresIsMovedWhole() throws InterruptedException {
    DemoResult result = stack.migrateWith(3);

    assertThat(result.broken()).isEmpty();
    assertThat(result.report().outcome()).isEqualTo(Outcome.COMPLETED);
    assertThat(result.writesPerSecond()).isPositive();
  }
}

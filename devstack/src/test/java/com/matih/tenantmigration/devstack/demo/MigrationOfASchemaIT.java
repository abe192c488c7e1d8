package com.matih.tenantmigration.devstack.demo;

import static org.assertj.core.api.Assertions.assertThat;

import com.matih.tenantmigration.workflow.CheckName;
import com.matih.tenantmigration.workflow.Outcome;
import com.matih.tenantmigration.workflow.request.PostgresSpec.Isolation;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;

/** The whole main job where each tenant has a schema of its own. */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class MigrationOfASchemaIT {

  @TempDir private static Path directory;

  private static DemoStack stack;

  @BeforeAll
  static void start() {
    stack = new DemoStack(directory, Isolation.SCHEMA);
  }

  @AfterAll
  static void stop() {
    stack.close();
  }

  @Order(1)
  @Test
  void aForeignThingThatLeakedInIsFoundAndEverythingIsAsItWas() throws InterruptedException {
    DemoResult result = stack.migrate(Optional.of(CheckName.TENANT_LEAK));

    assertThat(result.broken()).isEmpty();
    assertThat(result.report().outcome()).isEqualTo(Outcome.ROLLED_BACK);
  }

  @Order(2)
  @Test
  void aTenantIsMovedWholeWhileItsNeighbourWrites() throws InterruptedException {
    DemoResult result = stack.migrate(Optional.empty());

    assertThat(result.broken()).isEmpty();
    assertThat(result.report().outcome()).isEqualTo(Outcome.COMPLETED);
  }
}

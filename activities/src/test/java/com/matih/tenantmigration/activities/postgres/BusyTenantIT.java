package com.matih.tenantmigration.activities.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import com.matih.tenantmigration.activities.engine.ProgressMonitor;
import com.matih.tenantmigration.activities.postgres.fence.WriteFence;
import com.matih.tenantmigration.activities.testing.TestJournal;
import com.matih.tenantmigration.embedded.testing.TestServers;
import com.matih.tenantmigration.embedded.workload.Workload;
import com.matih.tenantmigration.embedded.workload.WorkloadSchema;
import com.matih.tenantmigration.embedded.workload.WorkloadSettings;
import com.matih.tenantmigration.embedded.workload.WorkloadSide;
import com.matih.tenantmigration.embedded.workload.judge.WorkloadJudge;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A tenant whose services write until the fence stands, and go on writing after the move. */
class BusyTenantIT {

  private static final Duration PATIENCE = Duration.ofMinutes(3);
  private static final String READ_ONLY = "25006";

  /** A transaction whose snapshot is older than the fence has to be tried again. */
  private static final String NOT_SERIALIZABLE = "40001";

  private static final WorkloadSettings ACME =
      WorkloadSettings.of("acme", 31).withNeighbours("globex").withChangesPerSecond(400);

  @TempDir Path folder;

  @Test
  void rowsOfASharedSchemaArriveWholeWhileANeighbourWritesOn() throws Exception {
    WorkloadSchema schema = WorkloadSchema.shared("app");
    try (CopyLab lab =
        CopyLab.rows(folder, schema.name(), List.of("region"), List.of(), List.of())) {
      WorkloadSide shared = sharedSide(lab, schema);
      AtomicReference<WorkloadSide> route = new AtomicReference<>(shared);
      Workload globex =
          Workload.start(
              WorkloadSettings.of("globex", 32).withNeighbours("acme").withChangesPerSecond(400),
              () -> shared);
      Workload acme = move(lab, shared, route);
      globex.awaitAcknowledged(50, PATIENCE);
      acme.close();
      globex.close();

      WorkloadJudge judge = new WorkloadJudge(acme.journal(), globex.journal());
      assertThat(judge.acknowledged("acme", route.get())).isEmpty();
      assertThat(judge.acknowledged("globex", shared)).isEmpty();
      assertThat(acme.journal().refused().keySet())
          .contains(READ_ONLY)
          .isSubsetOf(READ_ONLY, NOT_SERIALIZABLE);
      // what would have moved a row to the tenant that is read-only
      assertThat(globex.journal().refused().keySet()).isSubsetOf(READ_ONLY, NOT_SERIALIZABLE);
    }
  }

  @Test
  void aSchemaOfTheTenantsOwnArrivesWhole() throws Exception {
    WorkloadSchema schema = WorkloadSchema.ofTenant("tenant_acme");
    try (CopyLab lab = CopyLab.schema(folder, schema.name(), List.of())) {
      WorkloadSide shared = sharedSide(lab, schema);
      AtomicReference<WorkloadSide> route = new AtomicReference<>(shared);
      Workload acme = move(lab, shared, route);
      acme.close();

      assertThat(new WorkloadJudge(acme.journal()).acknowledged("acme", route.get())).isEmpty();
      assertThat(acme.journal().refused().keySet())
          .contains(READ_ONLY)
          .isSubsetOf(READ_ONLY, NOT_SERIALIZABLE);
    }
  }

  /** Moves the tenant while it writes, and lets it write a hundred transactions afterwards. */
  private static Workload move(
      CopyLab lab, WorkloadSide shared, AtomicReference<WorkloadSide> route) throws Exception {
    Workload acme = Workload.start(ACME, route::get);
    acme.awaitAcknowledged(150, PATIENCE);
    new WriteFence(
            TestDatabase.connections(TestServers.postgres(), TestServers.dedicatedPostgres()),
            TestJournal.shared())
        .raise(lab.context(), ProgressMonitor.unmonitored());
    lab.migrate();
    WorkloadSide dedicated =
        WorkloadSide.of(
            TestServers.dedicatedPostgres(), lab.target.name(), shared.schema().named("public"));
    assertThat(WorkloadJudge.difference("acme", shared, dedicated)).isEmpty();
    assertThat(WorkloadJudge.foreign("acme", dedicated)).isEmpty();
    route.set(dedicated);
    acme.awaitAcknowledged(100, PATIENCE);
    return acme;
  }

  private static WorkloadSide sharedSide(CopyLab lab, WorkloadSchema schema) throws SQLException {
    try (Connection connection = lab.source.connect()) {
      schema.create(connection);
      schema.fill(connection, "acme", 300);
    }
    return WorkloadSide.of(TestServers.postgres(), lab.source.name(), schema);
  }
}

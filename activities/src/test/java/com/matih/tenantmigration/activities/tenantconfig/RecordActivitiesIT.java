package com.matih.tenantmigration.activities.tenantconfig;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.matih.tenantmigration.controlplane.ControlPlane;
import com.matih.tenantmigration.embedded.PostgresServer;
import com.matih.tenantmigration.embedded.testing.TestServers;
import com.matih.tenantmigration.workflow.FailureType;
import com.matih.tenantmigration.workflow.MigrationContext;
import com.matih.tenantmigration.workflow.Outcome;
import com.matih.tenantmigration.workflow.Phase;
import com.matih.tenantmigration.workflow.activity.RecordActivities;
import com.matih.tenantmigration.workflow.activity.RecordActivities.Entry;
import com.matih.tenantmigration.workflow.report.MigrationReport;
import com.matih.tenantmigration.workflow.report.StoresSummary;
import com.matih.tenantmigration.workflow.request.Approval;
import com.matih.tenantmigration.workflow.request.MigrationRequest;
import com.matih.tenantmigration.workflow.request.Mode;
import com.matih.tenantmigration.workflow.request.OnRollback;
import com.matih.tenantmigration.workflow.request.SnapshotSpec;
import com.matih.tenantmigration.workflow.request.TierChange;
import com.matih.tenantmigration.workflow.request.VerificationSpec;
import io.temporal.activity.ActivityOptions;
import io.temporal.failure.ActivityFailure;
import io.temporal.failure.ApplicationFailure;
import io.temporal.testing.TestActivityEnvironment;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class RecordActivitiesIT {

  private final PostgresServer server = TestServers.postgres();
  private final String name = "record_" + UUID.randomUUID().toString().replace("-", "");
  private final TestActivityEnvironment temporal = TestActivityEnvironment.newInstance();
  private ControlPlane controlPlane;
  private RecordActivities activities;

  @BeforeEach
  void open() throws SQLException {
    execute("postgres", "CREATE ROLE %s LOGIN PASSWORD 'secret'".formatted(name));
    execute("postgres", "CREATE DATABASE %s OWNER %s".formatted(name, name));
    controlPlane = ControlPlane.open(server.jdbcUrl(name), name, "secret");
    controlPlane.upgrade();
    temporal.registerActivitiesImplementations(
        new RecordActivitiesImpl(controlPlane, (report, entries) -> {}));
    activities =
        temporal.newActivityStub(
            RecordActivities.class,
            ActivityOptions.newBuilder().setStartToCloseTimeout(Duration.ofMinutes(1)).build());
  }

  @AfterEach
  void close() {
    temporal.close();
    controlPlane.close();
  }

  /**
   * A migration that ended because its record was not written would leave its tenant where it is.
   */
  @Test
  void aRecordThatLacksRightsIsTriedAgainAndLosesNothing() throws SQLException {
    execute(
        name,
        "ALTER SCHEMA tenant_control OWNER TO %s; ALTER TABLE tenant_control.migration OWNER TO %s"
            .formatted(server.user(), server.user()));

    assertThatExceptionOfType(ActivityFailure.class)
        .isThrownBy(this::record)
        .havingCause()
        .isInstanceOfSatisfying(
            ApplicationFailure.class,
            failure -> {
              assertThat(failure.getType()).isEqualTo(FailureType.PERMISSION_DENIED.name());
              assertThat(failure.isNonRetryable()).isFalse();
            });

    execute(
        name,
        "ALTER SCHEMA tenant_control OWNER TO %s; ALTER TABLE tenant_control.migration OWNER TO %s"
            .formatted(name, name));
    record();
    assertThat(controlPlane.auditTrail().list("acme")).hasSize(1);
  }

  private void record() {
    activities.record(
        new MigrationContext("0123456789ab", "tenant-migration-acme", "run", request()),
        Phase.COPY,
        report(),
        List.of(new Entry("PHASE/COPY/STARTED/1", Phase.COPY, "PHASE", "STARTED", Map.of())));
  }

  private void execute(String database, String sql) throws SQLException {
    try (Connection connection =
            DriverManager.getConnection(
                server.jdbcUrl(database), server.user(), server.password());
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  private static MigrationRequest request() {
    return new MigrationRequest(
        "acme",
        "acme",
        new TierChange("STARTER", "ENTERPRISE"),
        Mode.OFFLINE,
        Approval.AUTOMATIC,
        OnRollback.DROP,
        Duration.ZERO,
        null,
        new SnapshotSpec("file:/snapshots"),
        null,
        null,
        null,
        null,
        null,
        VerificationSpec.NONE);
  }

  private static MigrationReport report() {
    return new MigrationReport(
        "0123456789ab",
        "tenant-migration-acme",
        "run",
        "acme",
        Outcome.RUNNING,
        false,
        null,
        List.of(),
        List.of(),
        List.of(),
        List.of(),
        null,
        null,
        StoresSummary.NONE,
        List.of(),
        List.of(),
        null,
        null,
        List.of(),
        List.of(),
        null);
  }
}

package com.matih.tenantmigration.controlplane;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.matih.tenantmigration.embedded.PostgresServer;
import com.matih.tenantmigration.embedded.testing.TestServers;
import com.matih.tenantmigration.workflow.FailureType;
import com.matih.tenantmigration.workflow.MigrationException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

@Execution(ExecutionMode.CONCURRENT) // they wait, each for what is its own
class ControlPlaneIT {

  private final PostgresServer server = TestServers.postgres();

  @Test
  void aServerThatDoesNotAnswerIsToldWithoutItsAddress() {
    try (ControlPlane nowhere =
        ControlPlane.open("jdbc:postgresql://127.0.0.1:1/secret-name", "u", "hunter2")) {
      assertThat(nowhere.isReachable()).isFalse();
      assertThatThrownBy(nowhere::upgrade)
          .isInstanceOfSatisfying(
              MigrationException.class,
              e -> assertThat(e.type()).isEqualTo(FailureType.STORE_UNREACHABLE))
          .hasMessageNotContainingAny("secret-name", "hunter2");
      assertThatThrownBy(() -> nowhere.tenantConfigs().find("acme"))
          .isInstanceOfSatisfying(
              MigrationException.class,
              e -> assertThat(e.type()).isEqualTo(FailureType.STORE_UNREACHABLE));
    }
  }

  @Test
  void aWrongPasswordIsADeniedPermissionAndNotTriedAgain() {
    try (ControlPlane locked =
        ControlPlane.open(server.jdbcUrl("postgres"), server.user(), "wrong")) {
      assertThatThrownBy(locked::upgrade)
          .isInstanceOfSatisfying(
              MigrationException.class,
              e -> assertThat(e.type()).isEqualTo(FailureType.PERMISSION_DENIED));
      assertThatThrownBy(() -> locked.migrations().all())
          .isInstanceOfSatisfying(
              MigrationException.class,
              e -> assertThat(e.type()).isEqualTo(FailureType.PERMISSION_DENIED));
    }
  }

  @Test
  void aDatabaseThatDoesNotExistIsNamedWithHowItIsCreated() {
    try (ControlPlane missing =
        ControlPlane.open(server.jdbcUrl("no_such_database"), server.user(), server.password())) {
      assertThatThrownBy(() -> missing.migrations().all())
          .isInstanceOf(MigrationException.class)
          .hasMessageContaining(
              "database no_such_database does not exist on the server at %s:%d (SQLSTATE 3D000)"
                  .formatted(server.host(), server.port()))
          .hasMessageContaining("CREATE DATABASE")
          .hasMessageContaining("start a worker")
          .hasMessageNotContaining(server.password());
    }
  }

  @Test
  void aDatabaseWithoutTablesIsSaidToHaveNoneAndWhoCreatesThem() {
    try (ControlPlane empty =
        ControlPlane.open(server.jdbcUrl("postgres"), server.user(), server.password())) {
      assertThatThrownBy(() -> empty.migrations().all())
          .isInstanceOf(MigrationException.class)
          .hasMessageContaining("has no tables in schema tenant_control")
          .hasMessageContaining("start a worker");
    }
  }

  @Test
  void anAddressThatIsNoneOfPostgresIsRefusedAtOnce() {
    assertThatThrownBy(() -> ControlPlane.open("postgresql://host/db", "u", "p"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("jdbc:postgresql://");
  }
}

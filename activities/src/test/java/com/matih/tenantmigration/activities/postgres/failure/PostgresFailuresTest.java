package com.matih.tenantmigration.activities.postgres.failure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.matih.tenantmigration.activities.postgres.client.PostgresAddress;
import com.matih.tenantmigration.workflow.FailureType;
import com.matih.tenantmigration.workflow.MigrationException;
import java.net.ConnectException;
import java.sql.SQLException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.postgresql.util.PSQLException;
import org.postgresql.util.ServerErrorMessage;

class PostgresFailuresTest {

  @ParameterizedTest
  @CsvSource({
    "08001, STORE_UNREACHABLE",
    "08004, PERMISSION_DENIED",
    "57P01, STORE_UNREACHABLE",
    "28P01, PERMISSION_DENIED",
    "42501, PERMISSION_DENIED",
    "23505, DATA_REJECTED",
    "40P01, STORE_ERROR",
  })
  void theSqlStateDecidesWhatKindOfFailureItIs(String state, FailureType type) {
    assertThat(PostgresFailures.translate("read", "x", new SQLException("m", state)).type())
        .isEqualTo(type);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "sorry, too many clients already | max_connections is reached",
        "remaining connection slots are reserved for roles with the SUPERUSER attribute"
            + " | max_connections is reached",
        "too many connections for role \"mover\" | ALTER ROLE ... CONNECTION LIMIT",
        "too many connections for database \"one\" | ALTER DATABASE ... CONNECTION LIMIT",
        "zu viele Verbindungen | max_connections, or the CONNECTION LIMIT",
      })
  void aServerThatAcceptsNoFurtherSessionIsToldByTheLimitThatIsReached(
      String message, String remedy) {
    SQLException e =
        new PSQLException(
            new ServerErrorMessage("SFATAL\0VFATAL\0C53300\0M%s\0".formatted(message)));

    MigrationException failure = PostgresFailures.translate("connect to", "database one", e);

    assertThat(failure.type()).isEqualTo(FailureType.STORE_UNREACHABLE);
    assertThat(failure)
        .hasMessageContaining(message)
        .hasMessageContaining(remedy)
        .hasMessageNotContaining("server is running");
  }

  @Test
  void theDriversOwnMessageIsNotRepeatedSinceItCanHoldAnAddressWithASecret() {
    SQLException e =
        new SQLException(
            "cannot connect to jdbc:postgresql://h/db?password=hunter2",
            "08001",
            new ConnectException("jdbc:postgresql://h/db?password=hunter2"));

    MigrationException failure = PostgresFailures.translate("connect to", "database db", e);

    assertThat(failure).hasMessageContaining("database db").hasMessageContaining("08001");
    assertThat(failure.getMessage()).doesNotContain("hunter2");
  }

  @Test
  void anAddressIsReadAsTheDriverReadsIt() {
    PostgresAddress address =
        PostgresAddress.parse("jdbc:postgresql://one:6432,two/my%20db?sslmode=verify-full");

    assertThat(address.hosts()).isEqualTo("one,two");
    assertThat(address.ports()).isEqualTo("6432,5432");
    assertThat(address.database()).isEqualTo("my db");
    assertThat(address.tls()).containsEntry("PGSSLMODE", "verify-full");
  }

  @Test
  void anAddressThatTheDriverDoesNotReadIsRefusedWithoutRepeatingIt() {
    assertThatThrownBy(
            () -> PostgresAddress.parse("jdbc:postgresql://host:port/db?password=hunter2"))
        .isInstanceOfSatisfying(
            MigrationException.class, e -> assertThat(e.type()).isEqualTo(FailureType.BAD_REQUEST))
        .satisfies(e -> assertThat(String.valueOf(e.getMessage())).doesNotContain("hunter2"));
  }
}

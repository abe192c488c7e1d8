package com.matih.tenantmigration.activities.postgres.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.matih.tenantmigration.workflow.FailureType;
import com.matih.tenantmigration.workflow.MigrationException;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The client programs connect no less safely than the driver. */
class PostgresAddressTest {

  @ParameterizedTest
  @ValueSource(strings = {"ssl=true", "ssl", "ssl="})
  void sslAloneMeansToTheProgramsWhatItMeansToTheDriver(String property) {
    assertThat(tls(property)).containsEntry("PGSSLMODE", "verify-full");
  }

  @Test
  void theModeThatTheUrlNamesCounts() {
    assertThat(tls("ssl=true&sslmode=require")).containsEntry("PGSSLMODE", "require");
    assertThat(tls("ssl=false")).isEmpty();
    assertThat(tls("")).isEmpty();
  }

  @Test
  void theFilesOfTheClientAreHandedOn() {
    assertThat(tls("sslrootcert=/tls/ca.crt&sslcert=/tls/me.crt&sslkey=/tls/me.pk8"))
        .containsEntry("PGSSLROOTCERT", "/tls/ca.crt")
        .containsEntry("PGSSLCERT", "/tls/me.crt")
        .containsEntry("PGSSLKEY", "/tls/me.pk8");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "sslpassword=hunter2",
        "sslfactory=hunter2",
        "sslfactoryarg=hunter2",
        "sslhostnameverifier=hunter2",
        "sslpasswordcallback=hunter2",
        "sslkey=/tls/hunter2.p12"
      })
  void whatTheProgramsCannotBeToldIsRefusedByName(String property) {
    assertThatThrownBy(() -> tls(property))
        .isInstanceOfSatisfying(
            MigrationException.class, e -> assertThat(e.type()).isEqualTo(FailureType.BAD_REQUEST))
        .hasMessageContaining(property.substring(0, property.indexOf('=')))
        .hasMessageNotContaining("hunter2");
  }

  private static Map<String, String> tls(String properties) {
    return PostgresAddress.parse("jdbc:postgresql://host/db?" + properties).tls();
  }
}

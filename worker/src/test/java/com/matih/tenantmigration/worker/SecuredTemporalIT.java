package com.matih.tenantmigration.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.matih.tenantmigration.starter.TemporalService;
import com.matih.tenantmigration.starter.UnreachableException;
import com.uber.m3.tally.NoopScope;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The standard variables and profiles lead to a Temporal behind TLS, with a key and a namespace.
 */
class SecuredTemporalIT {

  @TempDir private Path folder;

  private SecuredTemporal temporal;

  @BeforeEach
  void start() throws Exception {
    temporal = new SecuredTemporal(folder);
  }

  @AfterEach
  void stop() {
    temporal.close();
  }

  @Test
  void variablesGiveCertificatesKeyAndNamespaceToTheCommandLineAndTheWorker() {
    Map<String, String> environment =
        Map.of(
            "TEMPORAL_ADDRESS", temporal.address(),
            "TEMPORAL_NAMESPACE", "migrations",
            "TEMPORAL_API_KEY", "key-1\n",
            "TEMPORAL_TLS_SERVER_CA_CERT_PATH", temporal.certificate().toString(),
            "TEMPORAL_TLS_CLIENT_CERT_PATH", temporal.certificate().toString(),
            "TEMPORAL_TLS_CLIENT_KEY_PATH", temporal.key().toString());

    useBoth(environment);

    assertThat(temporal.authorizations()).containsExactly("Bearer key-1");
  }

  @Test
  void aProfileOfAConfigurationFileDoesTheSame() throws Exception {
    Path file =
        Files.writeString(
            folder.resolve("temporal.toml"),
            """
            [profile.production]
            address = "%s"
            namespace = "migrations"
            api_key = "key-2"
            [profile.production.tls]
            server_ca_cert_path = "%s"
            client_cert_path = "%s"
            client_key_path = "%s"
            """
                .formatted(
                    temporal.address(),
                    temporal.certificate(),
                    temporal.certificate(),
                    temporal.key()));

    useBoth(Map.of("TEMPORAL_CONFIG_FILE", file.toString(), "TEMPORAL_PROFILE", "production"));

    assertThat(temporal.authorizations()).containsExactly("Bearer key-2");
  }

  @Test
  void withoutACertificateTheDoorStaysShutAndTheMessageNamesTheAddress() {
    assertThatThrownBy(
            () ->
                TemporalService.connect(
                    Map.of(
                        "TEMPORAL_ADDRESS", temporal.address(),
                        "TEMPORAL_TLS_SERVER_CA_CERT_PATH", temporal.certificate().toString())))
        .isInstanceOf(UnreachableException.class)
        .hasMessageContaining(temporal.address());
  }

  private static void useBoth(Map<String, String> environment) {
    try (TemporalService service = TemporalService.connect(environment);
        TemporalConnection connection =
            TemporalConnection.open(
                new WorkerConfiguration.TemporalService(null, null),
                new NoopScope(),
                environment)) {
      assertThat(service.client().getOptions().getNamespace()).isEqualTo("migrations");
      assertThat(connection.client().getOptions().getNamespace()).isEqualTo("migrations");
      assertThat(connection.isHealthy()).isTrue();
    }
  }
}

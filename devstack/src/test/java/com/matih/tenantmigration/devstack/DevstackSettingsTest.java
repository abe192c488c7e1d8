package com.matih.tenantmigration.devstack;

import static org.assertj.core.api.Assertions.assertThat;

import com.matih.tenantmigration.embedded.ExternalTemporal;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DevstackSettingsTest {

  @TempDir private Path folder;

  @Test
  void anAddressOrAProfileOfTheEnvironmentChoosesAnotherTemporal() throws IOException {
    Path file =
        Files.writeString(
            folder.resolve("temporal.toml"),
            """
            [profile.staging]
            address = "temporal.staging:7233"
            """);

    assertThat(DevstackSettings.temporalAddress(Map.of("TEMPORAL_ADDRESS", "elsewhere:7233")))
        .contains("elsewhere:7233");
    assertThat(
            DevstackSettings.temporalAddress(
                Map.of("TEMPORAL_CONFIG_FILE", file.toString(), "TEMPORAL_PROFILE", "staging")))
        .contains("temporal.staging:7233");
    assertThat(DevstackSettings.temporalAddress(Map.of("TEMPORAL_NAMESPACE", "migrations")))
        .isEmpty();
  }

  @Test
  void whatLeadsToAnotherTemporalIsPassedOnWhole() {
    Map<String, String> environment =
        Map.of("TEMPORAL_NAMESPACE", "migrations", "TEMPORAL_API_KEY", "k", "HOME", "/root");

    assertThat(DevstackEnvironment.forTemporal(new ExternalTemporal("elsewhere:7233"), environment))
        .containsOnlyKeys("TEMPORAL_NAMESPACE", "TEMPORAL_API_KEY");
  }

  @Test
  void aWorkerIsLedToTheDevstacksTemporalAlone() {
    Map<String, String> inherited =
        new HashMap<>(Map.of("TEMPORAL_API_KEY", "k", "TEMPORAL_NAMESPACE", "prod", "HOME", "/h"));

    WorkerChild.lead(inherited, Map.of("TEMPORAL_NAMESPACE", "default"));

    assertThat(inherited)
        .containsExactlyInAnyOrderEntriesOf(Map.of("TEMPORAL_NAMESPACE", "default", "HOME", "/h"));
  }
}

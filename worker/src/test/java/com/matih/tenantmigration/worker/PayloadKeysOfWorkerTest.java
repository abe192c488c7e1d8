package com.matih.tenantmigration.worker;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.matih.tenantmigration.worker.WorkerConfiguration.ControlPlaneDatabase;
import com.matih.tenantmigration.worker.WorkerConfiguration.References;
import com.matih.tenantmigration.workflow.encryption.PayloadEncryptionException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A worker does not start with keys that a request could have sent elsewhere, or with none. */
class PayloadKeysOfWorkerTest {

  private static final String KEY = Base64.getEncoder().encodeToString(new byte[32]);

  @Test
  void aVariableThatRequestsMayReferToIsNoPlaceForAKey() {
    assertRefused(
        new References(List.of("PAYLOAD_*"), null),
        "a=${env:OTHER} b=${env:PAYLOAD_KEY}",
        "Requests may refer to ${env:PAYLOAD_KEY}");
  }

  @Test
  void aFolderThatRequestsMayReferToIsNoPlaceForAKey(@TempDir Path folder) throws Exception {
    Path key = Files.writeString(folder.resolve("key"), KEY);

    assertRefused(
        new References(null, List.of(folder.toString())),
        "a=${file:%s}".formatted(key),
        "Requests may refer to ${file:%s}".formatted(key));
  }

  @Test
  void aKeyThatIsMissingIsNamed() {
    assertRefused(null, "a=${env:NONE}", "The variable NONE");
  }

  private static void assertRefused(@Nullable References references, String setting, String words) {
    WorkerConfiguration configuration =
        new WorkerConfiguration(
            null,
            new ControlPlaneDatabase("jdbc:postgresql://127.0.0.1:1/none", "none", null),
            null,
            null,
            null,
            null,
            references,
            null,
            null,
            null);
    Map<String, String> environment =
        Map.of("TENANT_MIGRATION_PAYLOAD_KEYS", setting, "PAYLOAD_KEY", KEY, "OTHER", KEY);

    assertThatThrownBy(() -> WorkerProcess.start(configuration, environment, List.of()))
        .isInstanceOf(PayloadEncryptionException.class)
        .hasMessageContaining(words);
  }
}

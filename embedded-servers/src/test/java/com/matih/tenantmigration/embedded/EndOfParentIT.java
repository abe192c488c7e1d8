package com.matih.tenantmigration.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class EndOfParentIT {

  private static final Duration PATIENCE = Duration.ofSeconds(30);

  @Test
  void aKilledParentLeavesNoProcessAndNoFolder() throws IOException {
    Process parent =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                StackToKill.class.getName())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    try (BufferedReader output = parent.inputReader()) {
      Path folder = Path.of(output.readLine());
      List<ProcessHandle> children = parent.descendants().toList();
      assertThat(folder.resolve("postgres")).isDirectory();
      assertThat(children).hasSizeGreaterThan(6).allMatch(ProcessHandle::isAlive);

      parent.destroyForcibly();

      await()
          .atMost(PATIENCE)
          .untilAsserted(
              () -> {
                assertThat(children).noneMatch(ProcessHandle::isAlive);
                assertThat(Files.exists(folder)).isFalse();
              });
    } finally {
      parent.destroyForcibly();
    }
  }
}

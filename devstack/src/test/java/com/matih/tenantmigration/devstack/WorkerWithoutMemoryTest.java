package com.matih.tenantmigration.devstack;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class WorkerWithoutMemoryTest {

  private static final Path HOME = Path.of("..");

  @Test
  void aJvmThatRunsOutOfMemorySaysSoAndEndsWithItsOwnExitCode() throws Exception {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add("-Xmx16m");
    command.addAll(WorkerChild.END_WITHOUT_MEMORY);
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), Glutton.class.getName()));
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

    assertThat(process.waitFor(1, TimeUnit.MINUTES)).isTrue();
    assertThat(process.exitValue()).isEqualTo(3);
    assertThat(said).contains("the worker ran out of memory", "java.lang.OutOfMemoryError");
  }

  @Test
  void everyLauncherOfAWorkerHasIt() throws IOException {
    String farewell =
        WorkerChild.END_WITHOUT_MEMORY.get(1).substring("-XX:OnOutOfMemoryError=".length());
    for (String launcher : List.of("bin/tenant-migration", "Dockerfile")) {
      assertThat(Files.readString(HOME.resolve(launcher)))
          .contains(WorkerChild.END_WITHOUT_MEMORY.get(0), "-XX:OnOutOfMemoryError=", farewell);
    }
  }

  /** Wants more memory than there is. */
  static final class Glutton {

    private Glutton() {}

    public static void main(String[] args) {
      List<byte[]> kept = new ArrayList<>();
      while (kept.size() < 1_000_000) {
        kept.add(new byte[1 << 20]);
      }
      System.exit(kept.size());
    }
  }
}

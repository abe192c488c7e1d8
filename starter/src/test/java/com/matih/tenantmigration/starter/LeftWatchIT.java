package com.matih.tenantmigration.starter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.matih.tenantmigration.starter.cli.StarterMain;
import com.matih.tenantmigration.workflow.Outcome;
import com.matih.tenantmigration.workflow.Phase;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What Ctrl-C says to one who watches a migration, in a process of its own. */
class LeftWatchIT {

  private static final int ENDED_BY_INTERRUPT = 128 + 2;

  private final IdlePlatform platform = new IdlePlatform();
  private final String tenant = "t-" + UUID.randomUUID().toString().substring(0, 8);
  @TempDir private Path folder;

  @AfterEach
  void stop() {
    platform.close();
  }

  @Test
  void whoeverLeavesTheWatchIsToldThatTheMigrationContinuesAndHowToWatchItAgain() throws Exception {
    platform.startWorker();
    StartedMigration started = platform.migrations().start(IdlePlatform.request(tenant));
    platform.record(tenant, started.migrationId(), started.runId(), Phase.COPY, Outcome.RUNNING);
    Path shown = folder.resolve("out");
    Path errors = folder.resolve("errors");
    Process watch = child(shown, errors, "status", tenant, "--watch");
    await()
        .atMost(Duration.ofMinutes(3))
        .untilAsserted(() -> assertThat(Files.readString(shown)).contains("COPY"));

    interrupt(watch);

    assertThat(watch.waitFor(30, TimeUnit.SECONDS)).isTrue();
    assertThat(watch.exitValue()).isEqualTo(ENDED_BY_INTERRUPT);
    assertThat(Files.readString(errors))
        .isEqualTo(
            """

            The migration of tenant %s continues. To watch it again:
              tenant-migration status %s --watch
            """
                .formatted(tenant, tenant));
    assertThat(platform.migrations().look(tenant).orElseThrow().running()).isTrue();
    platform.client().newUntypedWorkflowStub(started.workflowId()).terminate("the test is over");
  }

  private Process child(Path out, Path errors, String... arguments) throws IOException {
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Dslf4j.internal.verbosity=ERROR",
                "-cp",
                System.getProperty("java.class.path"),
                StarterMain.class.getName()));
    command.addAll(List.of(arguments));
    ProcessBuilder child =
        new ProcessBuilder(command).redirectOutput(out.toFile()).redirectError(errors.toFile());
    child.environment().putAll(platform.environment(platform.temporalAddress()));
    return child.start();
  }

  private static void interrupt(Process process) throws Exception {
    Process kill =
        new ProcessBuilder("kill", "-INT", Long.toString(process.pid()))
            .redirectErrorStream(true)
            .start();
    String said = new String(kill.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(kill.waitFor()).as(said).isZero();
  }
}

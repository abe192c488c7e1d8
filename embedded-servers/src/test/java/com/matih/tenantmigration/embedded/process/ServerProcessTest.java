package com.matih.tenantmigration.embedded.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ServerProcessTest {

  private static final String UNTIL_END_OF_INPUT = "while read -r line; do :; done";

  @TempDir private Path temporary;
  private ServerFolder folder;

  @BeforeEach
  void createFolder() {
    folder = ServerFolder.at(temporary.resolve("servers"));
  }

  @AfterEach
  void deleteFolder() {
    folder.close();
  }

  @Test
  void aTakenPortLeadsToAnotherTryOnAnotherPort() {
    List<Integer> tried = new ArrayList<>();
    ServerProcess process =
        ServerProcess.start(
            folder,
            "server",
            1,
            ports -> {
              tried.addAll(ports);
              return tried.size() == 1
                  ? launch("echo 'bind: Address already in use'; exit 1", () -> false)
                  : launch(UNTIL_END_OF_INPUT, () -> true);
            });

    assertThat(tried).hasSize(2).doesNotHaveDuplicates();
    assertThat(process.port(0)).isEqualTo(tried.get(1));
    process.close();
    assertThat(process.handle().isAlive()).isFalse();
  }

  @Test
  void anEarlyEndIsReportedWithItsStatusAndTheLastTwentyLinesOfTheLog() {
    String script = "for i in $(seq 100 140); do echo line $i; done; exit 3";

    assertThatThrownBy(
            () -> ServerProcess.start(folder, "server", 0, ports -> launch(script, () -> false)))
        .isInstanceOf(ServerStartException.class)
        .hasMessageContaining("server did not start: it ended with status 3")
        .hasMessageContaining("line 121")
        .hasMessageEndingWith("line 140")
        .hasMessageNotContaining("line 120");
  }

  @Test
  void aServerThatNeverAnswersIsEnded() {
    List<Long> pids = new ArrayList<>();
    String script = "echo $$ > pid; " + UNTIL_END_OF_INPUT;

    assertThatThrownBy(
            () ->
                ServerProcess.start(
                    folder,
                    "server",
                    0,
                    ports ->
                        new Launch(
                            List.of("/bin/sh", "-c", script),
                            Map.of(),
                            () -> {
                              readPid().ifPresent(pids::add);
                              return false;
                            },
                            Duration.ofSeconds(1))))
        .hasMessageContaining("it did not answer within 1 s");
    assertThat(pids).isNotEmpty();
    assertThat(ProcessHandle.of(pids.get(0)).filter(ProcessHandle::isAlive)).isEmpty();
  }

  @Test
  void aServerIsInAProcessGroupOfItsOwnWhereCtrlCDoesNotReachIt() throws Exception {
    try (ServerProcess process =
        ServerProcess.start(
            folder,
            "server",
            0,
            ports ->
                launch(
                    "touch up; " + UNTIL_END_OF_INPUT,
                    () -> Files.exists(folder.path().resolve("up"))))) {
      assertThat(group(process.handle())).isNotEqualTo(group(ProcessHandle.current()));
    }
  }

  private Optional<Long> readPid() {
    try {
      return Optional.of(Long.parseLong(Files.readString(folder.path().resolve("pid")).trim()));
    } catch (IOException | NumberFormatException e) {
      return Optional.empty();
    }
  }

  private static String group(ProcessHandle process) throws IOException {
    return Programs.run(List.of("ps", "-o", "pgid=", "-p", String.valueOf(process.pid()))).output();
  }

  private static Launch launch(String script, BooleanSupplier ready) {
    return new Launch(List.of("/bin/sh", "-c", script), Map.of(), ready, Duration.ofSeconds(10));
  }
}

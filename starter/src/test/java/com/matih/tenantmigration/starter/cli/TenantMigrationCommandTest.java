package com.matih.tenantmigration.starter.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.matih.tenantmigration.starter.layout.Screen;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;

class TenantMigrationCommandTest {

  private static final Map<String, String> NOWHERE =
      Map.of(
          "TEMPORAL_ADDRESS", "127.0.0.1:1",
          "CONTROL_PG_JDBC", "jdbc:postgresql://127.0.0.1:1/control",
          "CONTROL_PG_USER", "u",
          "CONTROL_PG_PASSWORD", "hunter2");
  private static final String REQUEST =
      """
      tenant: acme
      tier: {from: A, to: B}
      snapshot: {location: "file:/snapshots"}
      elasticsearch:
        source: {url: "http://127.0.0.1:1"}
        target: {url: "http://127.0.0.1:2"}
        indices: [{from: shared, to: own, tenantField: t}]
      """;

  private final StringWriter out = new StringWriter();
  private final StringWriter errors = new StringWriter();
  @TempDir private Path folder;

  @Test
  void aRequestThatIsWrongByItselfEndsWithTwoAndEveryProblem() throws IOException {
    Path file = request(REQUEST.replace("tier:", "teir:").replace("tenant: acme", "tenant: A!"));

    for (String command : new String[] {"plan", "start"}) {
      errors.getBuffer().setLength(0);
      assertThat(run(NOWHERE, command, "-f", file.toString())).isEqualTo(2);
      assertThat(errors.toString())
          .contains("The request has 3 problems")
          .contains("teir is not a known key. Did you mean 'tier'?")
          .contains("tenant is not a tenant's id")
          .contains("tier is missing");
    }
  }

  @Test
  void aRequestThatIsNotThereEndsWithTwo() {
    assertThat(run(NOWHERE, "start", "-f", "/does/not/exist")).isEqualTo(2);
    assertThat(errors.toString()).contains("/does/not/exist does not exist. ");
  }

  @Test
  void aFolderInPlaceOfARequestEndsWithTwoAndIsSaidToBeOne() {
    for (String command : new String[] {"plan", "start"}) {
      errors.getBuffer().setLength(0);
      assertThat(run(NOWHERE, command, "-f", folder.toString())).isEqualTo(2);
      assertThat(errors.toString()).contains(folder + " is a folder. ");
    }
  }

  @Test
  void aRequestThatIsNoTextEndsWithTwo() throws IOException {
    Path file = Files.write(folder.resolve("request.yaml"), new byte[] {(byte) 0xff, (byte) 0xfe});

    assertThat(run(NOWHERE, "start", "-f", file.toString())).isEqualTo(2);
    assertThat(errors.toString()).contains(file + " is not text in UTF-8. ");
  }

  @Test
  void aVariableThatIsNotSetIsNamed() throws IOException {
    assertThat(run(Map.of(), "list")).isEqualTo(2);
    assertThat(errors.toString()).contains("CONTROL_PG_JDBC is not set");

    Map<String, String> withoutTemporal =
        Map.of("CONTROL_PG_JDBC", "jdbc:postgresql://127.0.0.1:1/c", "CONTROL_PG_USER", "u");
    assertThat(run(withoutTemporal, "start", "-f", request(REQUEST).toString())).isEqualTo(2);
    assertThat(errors.toString()).contains("TEMPORAL_ADDRESS");
  }

  @Test
  void aFileThatCannotBeUsedIsNamedInASentence() {
    assertThat(
            fail(new UncheckedIOException("cannot write into x", new NoSuchFileException("x/y"))))
        .isEqualTo("Cannot write into x: x/y does not exist.");
    assertThat(fail(new AccessDeniedException("/root/report")))
        .isEqualTo("/root/report may not be used by this user.");
    assertThat(fail(new UncheckedIOException(new IOException("No space left on device"))))
        .isEqualTo("No space left on device.");
  }

  private String fail(Exception failure) {
    errors.getBuffer().setLength(0);
    CommandSpec failing =
        CommandSpec.wrapWithoutInspection(
            (Callable<Integer>)
                () -> {
                  throw failure;
                });
    CommandLine root =
        new CommandLine(new TenantMigrationCommand(NOWHERE, Screen.NONE))
            .addSubcommand("fail", failing)
            .setErr(new PrintWriter(errors));
    assertThat(TenantMigrationCommand.execute(root, "fail")).isEqualTo(1);
    return errors.toString().strip();
  }

  /** As under cron. */
  @Test
  void aPipeGetsUnicodeInALocaleThatKnowsAsciiAlone() throws Exception {
    Process process = child(Map.of("LC_ALL", "C"), "--help");

    String help = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

    assertThat(process.waitFor()).as(help).isZero();
    assertThat(help).contains("TEMPORAL_TLS…");
  }

  /** Its client would print stack traces beside that. */
  @Test
  void aTemporalOfANameThatNobodyKnowsIsOneSentenceOnTheTerminal() throws Exception {
    Process process = child(Map.of("TEMPORAL_ADDRESS", "nobody.invalid:7233"), "setup");

    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

    assertThat(process.waitFor()).as(said).isEqualTo(1);
    assertThat(said.lines())
        .singleElement()
        .asString()
        .contains("Cannot connect to Temporal at nobody.invalid:7233");
  }

  /** The program itself, with what it says to the terminal in one stream. */
  private static Process child(Map<String, String> environment, String... arguments)
      throws IOException {
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Dslf4j.internal.verbosity=ERROR",
                "-cp",
                System.getProperty("java.class.path"),
                StarterMain.class.getName()));
    command.addAll(List.of(arguments));
    ProcessBuilder child = new ProcessBuilder(command).redirectErrorStream(true);
    child.environment().putAll(environment);
    return child.start();
  }

  @Test
  void aTemporalThatDoesNotAnswerIsOneSentence() throws IOException {
    assertThat(run(NOWHERE, "start", "-f", request(REQUEST).toString())).isEqualTo(1);
    assertThat(errors.toString().lines())
        .singleElement()
        .asString()
        .contains("Cannot connect to Temporal at 127.0.0.1:1");
  }

  @Test
  void anAddressOfTemporalThatIsNoneEndsWithTwoAndSaysWhatItShouldBe() throws IOException {
    for (String address :
        List.of("http://127.0.0.1:7233", "https://u:hunter2@temporal:7233", "no host")) {
      errors.getBuffer().setLength(0);
      Map<String, String> environment = new HashMap<>(NOWHERE);
      environment.put("TEMPORAL_ADDRESS", address);
      assertThat(run(environment, "start", "-f", request(REQUEST).toString()))
          .as(address)
          .isEqualTo(2);
      assertThat(errors.toString().lines())
          .singleElement()
          .asString()
          .startsWith("TEMPORAL_ADDRESS is '")
          .contains("such as host:7233")
          .doesNotContain("hunter2");
    }
  }

  @Test
  void aLimitThatIsNoneEndsWithTwo() {
    assertThat(run(NOWHERE, "list", "--limit", "0")).isEqualTo(2);
    assertThat(errors.toString()).contains("'--limit': it must be at least 1");
    errors.getBuffer().setLength(0);
    assertThat(run(NOWHERE, "list", "--state", "over")).isEqualTo(2);
    assertThat(errors.toString()).contains("running, ended");
  }

  @Test
  void aControlPlaneThatDoesNotAnswerIsOneSentenceWithoutItsPassword() {
    assertThat(run(NOWHERE, "report", "acme")).isEqualTo(1);
    assertThat(errors.toString().lines())
        .singleElement()
        .asString()
        .contains("Cannot connect to the control plane database at 127.0.0.1:1")
        .doesNotContain("hunter2");
  }

  @Test
  void bareOrUnknownWordsEndWithTwoAndTheUsage() {
    assertThat(run(NOWHERE)).isEqualTo(2);
    assertThat(errors.toString()).contains("Usage: tenant-migration");
    errors.getBuffer().setLength(0);
    assertThat(run(NOWHERE, "strat")).isEqualTo(2);
    assertThat(errors.toString().lines())
        .containsExactly("Unknown command 'strat'. Did you mean 'start'?", "See --help.");
    assertThat(run(NOWHERE, "cancel", "acme")).isEqualTo(2);
    assertThat(errors.toString()).contains("--reason");
  }

  @Test
  void aThrottleThatSaysNothingOrBothEndsWithTwo() {
    assertThat(run(NOWHERE, "throttle", "acme")).isEqualTo(2);
    assertThat(errors.toString())
        .contains("Name --bytes-per-second or --max-replica-lag, or --off");
    assertThat(run(NOWHERE, "throttle", "acme", "--off", "--bytes-per-second", "1MB")).isEqualTo(2);
  }

  @Test
  void everyCommandOfTheContractIsThere() {
    assertThat(run(NOWHERE, "--help")).isZero();
    assertThat(out.toString())
        .contains(
            "plan",
            "start",
            "status",
            "report",
            "audit",
            "list",
            "approve",
            "pause",
            "resume",
            "cancel",
            "throttle");
  }

  @Test
  void everyCommandsHelpReadsToItsEnd() {
    CommandLine root = new CommandLine(new TenantMigrationCommand(NOWHERE, Screen.NONE));
    for (String command : root.getSubcommands().keySet()) {
      out.getBuffer().setLength(0);
      assertThat(run(NOWHERE, command, "--help")).isZero();
      assertThat(out.toString()).contains("Usage: tenant-migration " + command);
    }
  }

  @Test
  void whatSteersAndStartsAnswersInJsonToo() {
    CommandLine root = new CommandLine(new TenantMigrationCommand(NOWHERE, Screen.NONE));
    assertThat(
            List.of(
                "plan",
                "start",
                "status",
                "report",
                "audit",
                "list",
                "approve",
                "pause",
                "resume",
                "cancel",
                "throttle",
                "setup"))
        .allSatisfy(
            command ->
                assertThat(root.getSubcommands().get(command).getUsageMessage())
                    .contains("--output=FORMAT"));
  }

  @Test
  void aShellLearnsTheCommandsAndTheirOptions() {
    assertThat(run(NOWHERE, "completion", "bash")).isZero();
    assertThat(out.toString())
        .contains("complete -F", "tenant-migration", "'--reason'", "markdown");

    out.getBuffer().setLength(0);
    assertThat(run(NOWHERE, "completion", "zsh")).isZero();
    assertThat(out.toString()).startsWith("autoload -U +X compinit").contains("bashcompinit");

    assertThat(run(NOWHERE, "completion", "cmd")).isEqualTo(2);
  }

  private Path request(String text) throws IOException {
    return Files.writeString(folder.resolve("request.yaml"), text);
  }

  private int run(Map<String, String> environment, String... arguments) {
    CommandLine commandLine =
        new CommandLine(new TenantMigrationCommand(environment, Screen.NONE))
            .setOut(new PrintWriter(out))
            .setErr(new PrintWriter(errors));
    return TenantMigrationCommand.execute(commandLine, arguments);
  }
}

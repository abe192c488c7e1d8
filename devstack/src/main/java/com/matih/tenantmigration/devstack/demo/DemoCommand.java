package com.matih.tenantmigration.devstack.demo;

import com.matih.tenantmigration.devstack.Devstack;
import com.matih.tenantmigration.devstack.DevstackSettings;
import com.matih.tenantmigration.devstack.FileLogging;
import com.matih.tenantmigration.devstack.Obstacle;
import com.matih.tenantmigration.devstack.StackEnd;
import com.matih.tenantmigration.devstack.Terminal;
import com.matih.tenantmigration.devstack.sample.SampleSize;
import com.matih.tenantmigration.starter.cli.base.ExitCode;
import com.matih.tenantmigration.starter.cli.base.ResultFolder;
import com.matih.tenantmigration.starter.layout.Screen;
import com.matih.tenantmigration.starter.layout.Wrapped;
import com.matih.tenantmigration.starter.text.ProgressView;
import com.matih.tenantmigration.starter.text.ReportText;
import com.matih.tenantmigration.workflow.CheckName;
import com.matih.tenantmigration.workflow.request.Mode;
import com.matih.tenantmigration.workflow.request.PostgresSpec.Isolation;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code demo}: the main job on real servers, from their start to the proof of what it did. */
@Command(
    name = "demo",
    description =
        "Starts real servers, loads two tenants into a shared cluster, migrates one of them, proves"
            + " what it did, and stops everything.",
    mixinStandardHelpOptions = true)
public final class DemoCommand implements Callable<Integer> {

  @Option(
      names = "--fail",
      paramLabel = "CHECK",
      description = "Inject a fault that this check finds: ${COMPLETION-CANDIDATES}.")
  private @Nullable CheckName fail;

  @Option(names = "--keep", description = "Keep the servers running until Ctrl-C.")
  private boolean keep;

  @Option(
      names = "--dir",
      paramLabel = "DIR",
      description =
          "Folder for report.json, report.html, the snapshot and the logs (default: a new folder in"
              + " target/demo).")
  private @Nullable Path directory;

  @Option(
      names = "--isolation",
      paramLabel = "FORM",
      defaultValue = "ROWS",
      description = "How the shared database separates tenants: rows or schema.")
  private Isolation isolation = Isolation.ROWS;

  @Option(
      names = "--offline",
      description =
          "Keep the tenant read-only while it is copied, as a request's mode: offline does.")
  private boolean offline;

  @Option(names = "--small", description = "Use little data, to finish sooner.")
  private boolean small;

  @Spec private CommandSpec spec = CommandSpec.create();

  @Override
  public Integer call() throws InterruptedException {
    try {
      return run();
    } catch (RuntimeException e) {
      spec.commandLine().getErr().println(Obstacle.of(e).orElseThrow(() -> e));
      return ExitCode.UNEXPECTED;
    }
  }

  private int run() throws InterruptedException {
    PrintWriter out = spec.commandLine().getOut();
    Terminal terminal = new Terminal(out);
    DevstackSettings settings =
        new DevstackSettings(
            ResultFolder.choose(directory, "demo"),
            Optional.of(small ? SampleSize.SMALL : SampleSize.FULL),
            isolation,
            DevstackSettings.temporalAddressOfEnvironment());
    terminal.line("Report and logs go to " + settings.directory());
    FileLogging.to(settings.logs().resolve("demo.log"));
    try (StackEnd end = StackEnd.onSignal(terminal)) {
      Devstack devstack = end.whenDone(Devstack.start(settings, terminal));
      if (keep) {
        devstack.writeEnvironment();
      }
      Screen screen = Screen.ofProcess();
      ProgressView progress = new ProgressView(out, screen);
      DemoResult result =
          new DemoMigration(
                  devstack,
                  terminal,
                  offline ? Mode.OFFLINE : Mode.ONLINE,
                  failing(),
                  progress::show)
              .run();
      terminal.line("");
      terminal.part(ReportText.of(result.report(), null, screen));
      tell(result, terminal, screen);
      ReportFiles.write(settings.directory(), result);
      terminal.part(ReportText.outcome(result.report(), screen));
      terminal.line("Report: " + settings.directory().resolve("report.html"));
      terminal.line("        " + settings.directory().resolve("report.json"));
      if (keep) {
        terminal.line("The servers keep running until Ctrl-C. To use them:");
        terminal.line("  set -a; . " + settings.directory().resolve("devstack.env") + "; set +a");
        new CountDownLatch(1).await();
      }
      return result.broken().isEmpty()
          ? ExitCode.of(result.report().outcome())
          : ExitCode.UNEXPECTED;
    }
  }

  private static void tell(DemoResult result, Terminal terminal, Screen screen) {
    terminal.heading("Comparing with the servers");
    for (Claim claim : result.claims()) {
      String sentence = "%s (%s)".formatted(claim.sentence(), claim.evidence());
      String text =
          Wrapped.behind(claim.holds() ? "  yes  " : "  NO   ", sentence, screen.columns());
      terminal.part(claim.holds() ? text : screen.colours().bad(text));
    }
  }

  private Set<CheckName> failing() {
    return fail == null ? Set.of() : Set.of(fail);
  }
}

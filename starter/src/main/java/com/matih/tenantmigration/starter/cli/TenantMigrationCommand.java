package com.matih.tenantmigration.starter.cli;

import com.matih.tenantmigration.starter.EndedFromOutsideException;
import com.matih.tenantmigration.starter.InvalidRequestException;
import com.matih.tenantmigration.starter.MissingSettingException;
import com.matih.tenantmigration.starter.OperationRejectedException;
import com.matih.tenantmigration.starter.UnreachableException;
import com.matih.tenantmigration.starter.cli.base.ExitCode;
import com.matih.tenantmigration.starter.cli.base.Surroundings;
import com.matih.tenantmigration.starter.cli.commands.ApproveCommand;
import com.matih.tenantmigration.starter.cli.commands.AuditCommand;
import com.matih.tenantmigration.starter.cli.commands.CancelCommand;
import com.matih.tenantmigration.starter.cli.commands.CodecServerCommand;
import com.matih.tenantmigration.starter.cli.commands.ListCommand;
import com.matih.tenantmigration.starter.cli.commands.PauseCommand;
import com.matih.tenantmigration.starter.cli.commands.PlanCommand;
import com.matih.tenantmigration.starter.cli.commands.RepairCommand;
import com.matih.tenantmigration.starter.cli.commands.ReportCommand;
import com.matih.tenantmigration.starter.cli.commands.ResumeCommand;
import com.matih.tenantmigration.starter.cli.commands.SetupCommand;
import com.matih.tenantmigration.starter.cli.commands.StartCommand;
import com.matih.tenantmigration.starter.cli.commands.StatusCommand;
import com.matih.tenantmigration.starter.cli.commands.ThrottleCommand;
import com.matih.tenantmigration.starter.layout.Screen;
import com.matih.tenantmigration.workflow.MigrationException;
import com.matih.tenantmigration.workflow.encryption.PayloadEncryptionException;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.Spec;

/**
 * The command line of operators. Other modules add their commands to it: {@code new CommandLine(new
 * TenantMigrationCommand()).addSubcommand(…)}, run by {@link #execute}.
 */
@Command(
    name = "tenant-migration",
    description = "Moves a tenant from shared clusters to dedicated infrastructure.",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    synopsisSubcommandLabel = "COMMAND",
    commandListHeading = "%nCommands (see COMMAND --help):%n",
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "0:done",
      "1:unexpected error",
      "2:bad usage, an invalid request, or an approve, pause, resume, cancel, throttle or repair"
          + " that is not valid in the current state",
      "3:refused after checking the systems, or because another migration of the tenant runs;"
          + " nothing was changed",
      "4:rolled back",
      "5:rollback incomplete: repair finishes it"
    },
    footerHeading = "%nEnvironment:%n",
    footer = {
      "  TEMPORAL_ADDRESS, TEMPORAL_NAMESPACE, TEMPORAL_TLS…, TEMPORAL_API_KEY,",
      "  TEMPORAL_CONFIG_FILE, TEMPORAL_PROFILE   where Temporal is",
      "  CONTROL_PG_JDBC, CONTROL_PG_USER, CONTROL_PG_PASSWORD   where the control plane is",
      "  TENANT_MIGRATION_PAYLOAD_KEYS   what Temporal keeps is encrypted with, as on the workers",
      "  TENANT_MIGRATION_DEBUG=1   print the stack trace of an error"
    },
    subcommands = {
      PlanCommand.class,
      StartCommand.class,
      StatusCommand.class,
      ReportCommand.class,
      AuditCommand.class,
      ListCommand.class,
      ApproveCommand.class,
      PauseCommand.class,
      ResumeCommand.class,
      CancelCommand.class,
      ThrottleCommand.class,
      RepairCommand.class,
      SetupCommand.class,
      CodecServerCommand.class,
      CompletionCommand.class,
      CommandsPageCommand.class
    })
public final class TenantMigrationCommand implements Callable<Integer>, Surroundings {

  private static final String DEBUG = "TENANT_MIGRATION_DEBUG";

  @Spec private CommandSpec spec = CommandSpec.create();

  private final Map<String, String> environment;
  private final Screen screen;

  /** With the process' environment and terminal. */
  public TenantMigrationCommand() {
    this(System.getenv(), Screen.ofProcess());
  }

  /**
   * @param environment the variables that say where Temporal and the control plane are
   * @param screen where progress is shown
   */
  public TenantMigrationCommand(Map<String, String> environment, Screen screen) {
    this.environment = Map.copyOf(environment);
    this.screen = screen;
  }

  /**
   * Runs a command on the process' own streams. Files and pipes get UTF-8 whatever the locale: that
   * of cron and systemd knows ASCII alone.
   *
   * @return the exit code
   */
  public static int executeOnStandardStreams(CommandLine commandLine, String... arguments) {
    if (!Screen.ofProcess().redraws()) {
      commandLine.setOut(new PrintWriter(System.out, true, StandardCharsets.UTF_8));
      commandLine.setErr(new PrintWriter(System.err, true, StandardCharsets.UTF_8));
    }
    return execute(commandLine, arguments);
  }

  /**
   * Runs a command line whose root is this command and answers its exit code. What goes wrong is
   * told in one sentence; a stack trace is printed only where the variable {@code
   * TENANT_MIGRATION_DEBUG} is set.
   */
  public static int execute(CommandLine commandLine, String... arguments) {
    commandLine
        .getSubcommands()
        .values()
        .forEach(command -> command.getCommandSpec().versionProvider(new Version()));
    return commandLine
        .setCaseInsensitiveEnumValuesAllowed(true)
        .setExecutionExceptionHandler(TenantMigrationCommand::explain)
        .setParameterExceptionHandler(
            new MistypedCommand(commandLine.getParameterExceptionHandler()))
        .execute(arguments);
  }

  private static int explain(Exception failure, CommandLine command, ParseResult parsed) {
    PrintWriter errors = command.getErr();
    int code;
    Optional<PayloadEncryptionException> unreadable = PayloadEncryptionException.causing(failure);
    if (unreadable.isPresent()) {
      errors.println(unreadable.get().getMessage());
      code = ExitCode.BAD_USAGE;
    } else if (failure instanceof InvalidRequestException
        || failure instanceof OperationRejectedException
        || failure instanceof MissingSettingException) {
      errors.println(failure.getMessage());
      code = ExitCode.BAD_USAGE;
    } else if (failure instanceof EndedFromOutsideException) {
      errors.println(failure.getMessage());
      code = ExitCode.ROLLBACK_INCOMPLETE;
    } else if (failure instanceof UnreachableException || failure instanceof MigrationException) {
      errors.println(failure.getMessage());
      code = ExitCode.UNEXPECTED;
    } else if (failure instanceof InterruptedException) {
      errors.println("Interrupted. A migration that was started keeps running.");
      code = ExitCode.UNEXPECTED;
    } else if (failure instanceof IOException || failure instanceof UncheckedIOException) {
      errors.println(FileTrouble.told(failure));
      code = ExitCode.UNEXPECTED;
    } else {
      // its message could hold anything, an address with a password too
      errors.println(
          "Unexpected error: %s. Set %s=1 to see the stack trace."
              .formatted(failure.getClass().getName(), DEBUG));
      code = ExitCode.UNEXPECTED;
    }
    if (System.getenv(DEBUG) != null) {
      failure.printStackTrace(errors);
    }
    errors.flush();
    return code;
  }

  /** Without a subcommand there is nothing to do. */
  @Override
  public Integer call() {
    spec.commandLine().usage(spec.commandLine().getErr());
    return ExitCode.BAD_USAGE;
  }

  @Override
  public Map<String, String> environment() {
    return environment;
  }

  @Override
  public Screen screen() {
    return screen;
  }
}

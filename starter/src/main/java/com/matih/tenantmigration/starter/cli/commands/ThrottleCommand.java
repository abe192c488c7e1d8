package com.matih.tenantmigration.starter.cli.commands;

import com.matih.tenantmigration.starter.cli.base.Connections;
import com.matih.tenantmigration.starter.cli.base.ExitCode;
import com.matih.tenantmigration.starter.cli.base.OperatorCommand;
import com.matih.tenantmigration.starter.cli.base.OperatorName;
import com.matih.tenantmigration.starter.cli.base.OutputOption;
import com.matih.tenantmigration.starter.cli.base.TenantParameter;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code throttle TENANT [--bytes-per-second N] [--max-replica-lag D] [--off]}. */
@Command(
    name = "throttle",
    description = {
      "Changes how gently a running migration reads the shared side, from the next seconds on.",
      "'status' shows the throttle. Once the tenant is read-only nothing is throttled, and the",
      "command is refused; with mode offline the throttle holds until the cutover."
    },
    mixinStandardHelpOptions = true)
public final class ThrottleCommand extends OperatorCommand {

  private static final String NO_BOUND = "off";

  @Mixin private TenantParameter tenant = new TenantParameter();
  @Mixin private OutputOption output = new OutputOption();

  @Mixin private OperatorName operator = new OperatorName();

  @Option(
      names = "--bytes-per-second",
      paramLabel = "N",
      description = "The bytes that each store is read with, such as 50MB; off: no bound.")
  private @Nullable String bytesPerSecond;

  @Option(
      names = "--max-replica-lag",
      paramLabel = "DURATION",
      description =
          "How far a replica of the shared database may be behind, such as 5s; off: replicas do"
              + " not matter.")
  private @Nullable String maxReplicaLag;

  @Option(names = "--off", description = "Remove both bounds.")
  private boolean off;

  @Spec private CommandSpec command = CommandSpec.create();

  @Override
  protected int run(Connections connections) {
    boolean named = bytesPerSecond != null || maxReplicaLag != null;
    if (off == named) {
      throw new ParameterException(
          command.commandLine(),
          "Name --bytes-per-second or --max-replica-lag, or --off for no bound at all.");
    }
    answer(
        output,
        tenant.id(),
        connections
            .migrations()
            .throttle(
                tenant.id(),
                off ? NO_BOUND : bytesPerSecond,
                off ? NO_BOUND : maxReplicaLag,
                operator.name()));
    return ExitCode.DONE;
  }
}

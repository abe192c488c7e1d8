package com.matih.tenantmigration.devstack;

import com.matih.tenantmigration.starter.cli.base.ExitCode;
import com.matih.tenantmigration.workflow.request.validation.RequestSchema;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code request-schema}: what an editor needs to help with a request. */
@Command(
    name = "request-schema",
    description =
        "Prints the JSON Schema of a request, from which editors complete keys and mark mistakes.",
    mixinStandardHelpOptions = true)
final class RequestSchemaCommand implements Callable<Integer> {

  @Spec private CommandSpec spec = CommandSpec.create();

  @Override
  public Integer call() {
    spec.commandLine().getOut().print(RequestSchema.json());
    spec.commandLine().getOut().flush();
    return ExitCode.DONE;
  }
}

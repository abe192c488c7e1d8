package com.matih.tenantmigration.worker;

import com.matih.tenantmigration.activities.engine.ProgressMonitor;
import com.matih.tenantmigration.activities.engine.snapshot.FileSnapshotStorage;
import com.matih.tenantmigration.activities.engine.snapshot.SnapshotStorage;
import com.matih.tenantmigration.activities.objectstorage.client.ObjectStores;
import com.matih.tenantmigration.activities.objectstorage.snapshot.S3SnapshotStorage;
import com.matih.tenantmigration.activities.postgres.restore.SnapshotRestorer;
import com.matih.tenantmigration.activities.postgres.restore.SnapshotRestorer.Restored;
import com.matih.tenantmigration.activities.secrets.SecretResolver;
import com.matih.tenantmigration.workflow.MigrationException;
import com.matih.tenantmigration.workflow.report.Units;
import java.io.PrintWriter;
import java.sql.SQLException;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/**
 * {@code restore --snapshot LOCATION --into JDBC_URL --user USER}: loads a pre-migration snapshot.
 */
@Command(
    name = "restore",
    description = "Loads a pre-migration snapshot into an empty database.",
    footer = {
      "",
      "The password is taken from PGPASSWORD, or asked for on a terminal.",
      "A snapshot in a bucket is read with AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY."
    },
    mixinStandardHelpOptions = true)
public final class RestoreCommand implements Callable<Integer> {

  private static final int DONE = 0;
  private static final int UNEXPECTED = 1;
  private static final int BAD_USAGE = 2;
  private static final int REFUSED = 3;
  private static final String PASSWORD = "PGPASSWORD";

  @Option(
      names = "--snapshot",
      required = true,
      paramLabel = "LOCATION",
      description = "The snapshot's folder, as in the report: file:/… or s3://….")
  private String snapshot = "";

  @Option(
      names = "--into",
      required = true,
      paramLabel = "JDBC_URL",
      description = "An empty database, as jdbc:postgresql://host:5432/name.")
  private String url = "";

  @Option(
      names = "--user",
      required = true,
      paramLabel = "USER",
      description = "The user to restore as; it owns the result.")
  private String user = "";

  @Option(
      names = "--endpoint",
      paramLabel = "URL",
      description = "The S3 endpoint of a snapshot in a bucket (default: the region's).")
  private @Nullable String endpoint;

  @Option(
      names = "--region",
      paramLabel = "REGION",
      defaultValue = "us-east-1",
      description = "The region of a snapshot in a bucket (default: ${DEFAULT-VALUE}).")
  private String region = "us-east-1";

  @Spec private CommandSpec spec = CommandSpec.create();

  private final Map<String, String> environment;

  /** With the process' environment. */
  public RestoreCommand() {
    this(System.getenv());
  }

  RestoreCommand(Map<String, String> environment) {
    this.environment = Map.copyOf(environment);
  }

  @Override
  public Integer call() {
    PrintWriter out = spec.commandLine().getOut();
    PrintWriter errors = spec.commandLine().getErr();
    if (!url.startsWith("jdbc:postgresql://") || url.contains("password=")) {
      errors.println("--into has to be a JDBC URL of PostgreSQL without a password in it.");
      return BAD_USAGE;
    }
    boolean touched = false;
    try {
      SnapshotRestorer restorer = new SnapshotRestorer();
      SnapshotStorage storage = storage();
      String password = password();
      restorer.look(storage, url, user, password);
      touched = true;
      Restored restored =
          restorer.restore(storage, url, user, password, ProgressMonitor.unmonitored());
      out.println(
          "Restored tenant %s: %s in %s of schema %s."
              .formatted(
                  restored.tenant(),
                  Units.plural(restored.rows(), "row"),
                  Units.plural(restored.tables(), "table"),
                  restored.schema()));
      return DONE;
    } catch (MigrationException e) {
      errors.println(e.getMessage());
      return exitCode(e, touched);
    }
  }

  /** What a look at the systems finds refuses the restore; once it has begun, it has failed. */
  private static int exitCode(MigrationException failure, boolean touched) {
    int afterLook = touched ? RestoreCommand.UNEXPECTED : REFUSED;
    return switch (failure.type()) {
      // such as a database that the server does not have
      case BAD_REQUEST -> failure.getCause() instanceof SQLException ? afterLook : BAD_USAGE;
      case SECRET_MISSING -> BAD_USAGE;
      case TARGET_NOT_EMPTY, PERMISSION_DENIED -> REFUSED;
      case STORE_UNREACHABLE, STORE_ERROR, STORE_BLOCKED, DATA_REJECTED -> afterLook;
      case NOT_MOVABLE,
          DRAIN_TIMED_OUT,
          CONFIGURATION_CONFLICT,
          TENANT_IS_LIVE,
          MIGRATION_ENDED,
          WRITER_SUPERSEDED,
          WORK_ENDED,
          CONTENT_MISMATCH,
          SOURCE_CHANGED,
          VERIFICATION_FAILED,
          TOOL_MISSING,
          TOOL_FAILED,
          NO_PROGRESS,
          WORKER_STOPPING,
          CANCELLED,
          UNEXPECTED ->
          RestoreCommand.UNEXPECTED;
    };
  }

  private SnapshotStorage storage() {
    return snapshot.startsWith(FileSnapshotStorage.SCHEME)
        ? FileSnapshotStorage.at(snapshot)
        : S3SnapshotStorage.at(
            new ObjectStores(SecretResolver.ofOperator(System::getenv)),
            snapshot,
            endpoint,
            region);
  }

  /** From the environment, else asked for; {@code null} where there is nobody to ask. */
  private @Nullable String password() {
    String set = environment.get(PASSWORD);
    if (set != null) {
      return set;
    }
    return Optional.ofNullable(System.console())
        .map(console -> console.readPassword("Password for %s: ", user))
        .map(String::new)
        .orElse(null);
  }
}

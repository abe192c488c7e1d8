package com.matih.tenantmigration.activities.postgres.rehearsal;

import com.matih.tenantmigration.activities.engine.PlanNotes;
import com.matih.tenantmigration.activities.engine.ProgressMonitor;
import com.matih.tenantmigration.activities.postgres.catalog.TenantTable;
import com.matih.tenantmigration.activities.postgres.client.DatabaseAccess;
import com.matih.tenantmigration.activities.postgres.failure.PostgresFailures;
import com.matih.tenantmigration.activities.postgres.ledger.SnapshotPoint;
import com.matih.tenantmigration.activities.postgres.ledger.SnapshotPoint.Extension;
import com.matih.tenantmigration.activities.postgres.ledger.SnapshotPoint.LateCheck;
import com.matih.tenantmigration.activities.postgres.schema.DedicatedSchema;
import com.matih.tenantmigration.activities.postgres.schema.LateChecks;
import com.matih.tenantmigration.activities.postgres.schema.MaterializedViews;
import com.matih.tenantmigration.activities.postgres.schema.PostData;
import com.matih.tenantmigration.activities.postgres.schema.SharedSchemas;
import com.matih.tenantmigration.activities.postgres.schema.TargetExtensions;
import com.matih.tenantmigration.activities.postgres.schema.TypeCasts;
import com.matih.tenantmigration.activities.postgres.snapshot.SchemaArchive;
import com.matih.tenantmigration.activities.postgres.snapshot.SchemaDump;
import com.matih.tenantmigration.activities.postgres.sql.TableName;
import com.matih.tenantmigration.workflow.MigrationContext;
import com.matih.tenantmigration.workflow.MigrationException;
import com.matih.tenantmigration.workflow.report.Progress;
import com.matih.tenantmigration.workflow.request.PostgresSpec;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The steps of a migration that build a schema, one after the other, in the scratch database. */
final class SchemaTrial {

  private static final String SESSION = ScratchDatabase.SESSION;
  private static final String DATABASE = "the scratch database";

  private final MigrationContext context;
  private final PostgresSpec spec;
  private final SchemaDump dump;
  private final SnapshotPoint taken;
  private final DatabaseAccess scratch;
  private final PlanNotes findings;
  private final ProgressMonitor monitor;

  SchemaTrial(
      MigrationContext context,
      SchemaDump dump,
      DatabaseAccess scratch,
      PlanNotes findings,
      ProgressMonitor monitor) {
    this.context = context;
    this.spec = context.spec(PostgresSpec.class);
    this.dump = dump;
    this.taken = dump.taken();
    this.scratch = scratch;
    this.findings = findings;
    this.monitor = monitor;
  }

  /**
   * Builds as far as it goes; each step that fails is a refusal.
   *
   * @param source where the sample's rows come from
   * @param tables the tables that move
   */
  void run(DatabaseAccess source, List<TenantTable> tables) {
    SchemaArchive archive = dump.asArchive();
    if (!prepare() || !createTables(archive)) {
      return;
    }
    build(archive);
    loadSamples(source, tables);
    addLateChecks();
    fillViews();
    if (rename()) {
      checkFunctions(source);
      new QueriesThere(context, scratch, findings).examine();
    }
  }

  private void loadSamples(DatabaseAccess source, List<TenantTable> tables) {
    try (Connection shared = source.open(SESSION);
        Connection connection = scratch.openForWrites(SESSION)) {
      shared.setReadOnly(true);
      connection.setAutoCommit(false);
      SampleLoad samples = new SampleLoad(shared, connection, taken.lateChecks(), findings);
      Set<TableName> evaluating = RowExpressions.evaluating(shared, tables);
      for (TenantTable table : tables) {
        if (evaluating.contains(table.name())) {
          monitor.throwIfCancelled();
          monitor.update(new Progress(0, -1, "", "trying some rows of " + table.name()));
          samples.load(table);
        }
      }
    } catch (SQLException e) {
      throw PostgresFailures.translate("try some rows in", DATABASE, e);
    }
  }

  private boolean prepare() {
    AtomicBoolean isMore = new AtomicBoolean(true);
    while (isMore.get()) {
      scratch.changeAtLength(
          SESSION,
          "empty the schema in",
          DATABASE,
          connection ->
              isMore.set(DedicatedSchema.dropSomeTables(connection, spec.sourceSchema())));
    }
    scratch.changeAtLength(
        SESSION,
        "prepare the schema in",
        DATABASE,
        connection -> SharedSchemas.prepare(connection, spec.sourceSchema(), taken));
    boolean complete = true;
    for (Extension extension : taken.extensions()) {
      monitor.throwIfCancelled();
      complete &=
          attempt(
              "extension " + extension.name(),
              "cannot be created on the dedicated server",
              connection ->
                  TargetExtensions.create(
                      connection, List.of(extension), spec.sourceSchema(), spec.targetSchema()));
    }
    return complete;
  }

  private boolean createTables(SchemaArchive archive) {
    monitor.update(new Progress(0, -1, "", "rehearsing tables and functions"));
    try {
      archive.restorePreData(scratch, SESSION, () -> {}, monitor);
    } catch (MigrationException e) {
      // some of it stands, and all of it is to be tried
      if (prepare()) {
        refuseSection(archive, "pre-data", e);
      }
      return false;
    }
    scratch.changeAtLength(
        SESSION,
        "take the late constraints from",
        DATABASE,
        connection -> LateChecks.drop(connection, taken.lateChecks()));
    for (String cast : taken.casts()) {
      attempt(
          cast,
          "is a cast that cannot be created on the dedicated server",
          connection -> {
            if (!TypeCasts.create(connection, List.of(cast)).isEmpty()) {
              findings.leave(
                  cast,
                  1,
                  "is a cast between types that the target's user does not own",
                  "Create it on the dedicated database as a superuser.");
            }
          });
    }
    return true;
  }

  private void build(SchemaArchive archive) {
    monitor.update(new Progress(0, -1, "", "rehearsing indexes and constraints"));
    try {
      PostData.build(archive, scratch, SESSION, spec.parallelism(), monitor);
    } catch (MigrationException e) {
      refuseSection(archive, "post-data", e);
    }
  }

  private void refuseSection(SchemaArchive archive, String section, MigrationException failure) {
    if (failure.type().retryable()
        || !ScriptErrors.refuse(archive, section, scratch, findings, monitor)) {
      throw failure;
    }
  }

  private void addLateChecks() {
    for (LateCheck check : taken.lateChecks()) {
      attempt(
          "%s.%s".formatted(check.schema(), check.table()),
          "has the constraint %s, which cannot be added on the dedicated server"
              .formatted(check.name()),
          connection -> LateChecks.add(connection, check));
    }
  }

  private void fillViews() {
    for (DatabaseAccess.Action part : SharedSchemas.setSequences(spec.sourceSchema(), taken)) {
      attempt(
          spec.sourceSchema(), "has sequences that cannot be set on the dedicated server", part);
    }
    try {
      scratch.changeAtLength(
          SESSION,
          "fill the materialized views of",
          DATABASE,
          connection ->
              MaterializedViews.refresh(
                  connection, spec.sourceSchema(), taken.materializedViews()));
    } catch (MigrationException e) {
      if (e.type().retryable()) {
        throw e;
      }
      for (String view : taken.materializedViews()) {
        attempt(
            new TableName(spec.sourceSchema(), view).toString(),
            "is a materialized view that cannot be filled on the dedicated server",
            connection ->
                MaterializedViews.refresh(connection, spec.sourceSchema(), List.of(view)));
      }
    }
  }

  private void checkFunctions(DatabaseAccess source) {
    try (Connection shared = source.open(SESSION);
        Connection connection = scratch.open(SESSION)) {
      FunctionChecks.examine(
          shared, spec.sourceSchema(), connection, spec.targetSchema(), findings);
      for (String schema : taken.sharedSchemaNames()) {
        FunctionChecks.examine(shared, schema, connection, schema, findings);
      }
    } catch (SQLException e) {
      throw PostgresFailures.translate("check the functions in", DATABASE, e);
    }
  }

  private boolean rename() {
    return attempt(
        spec.sourceSchema(),
        "cannot be renamed to %s on the dedicated server".formatted(spec.targetSchema()),
        state -> TrialRemedies.ofRename(state, spec.sourceSchema()),
        connection -> DedicatedSchema.rename(connection, spec.sourceSchema(), spec.targetSchema()));
  }

  /** Does a step in a transaction; where the server refuses it, so does the plan. */
  private boolean attempt(String object, String cannot, DatabaseAccess.Action action) {
    return attempt(object, cannot, TrialRemedies::of, action);
  }

  private boolean attempt(
      String object,
      String cannot,
      Function<@Nullable String, String> remedy,
      DatabaseAccess.Action action) {
    try (Connection connection = scratch.openForWrites(SESSION)) {
      connection.setAutoCommit(false);
      action.in(connection);
      connection.commit();
      return true;
    } catch (SQLException e) {
      if (PostgresFailures.type(e).retryable()) {
        throw PostgresFailures.translate("rehearse in", DATABASE, e);
      }
      findings.refuse(
          object,
          "%s: %s".formatted(cannot, PostgresFailures.reason(e)),
          remedy.apply(e.getSQLState()));
      return false;
    } catch (MigrationException e) {
      if (e.type().retryable()) {
        throw e;
      }
      findings.refuse(object, "%s: %s".formatted(cannot, e.getMessage()), remedy.apply(null));
      return false;
    }
  }
}

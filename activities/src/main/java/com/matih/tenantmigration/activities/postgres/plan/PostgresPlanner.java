package com.matih.tenantmigration.activities.postgres.plan;

import com.matih.tenantmigration.activities.engine.AskedToStop;
import com.matih.tenantmigration.activities.engine.ObjectPresence;
import com.matih.tenantmigration.activities.engine.PlanNotes;
import com.matih.tenantmigration.activities.engine.ProgressMonitor;
import com.matih.tenantmigration.activities.postgres.catalog.ExistingTables;
import com.matih.tenantmigration.activities.postgres.catalog.OutsideDependencies;
import com.matih.tenantmigration.activities.postgres.catalog.OutsideDependencies.Extension;
import com.matih.tenantmigration.activities.postgres.catalog.TenantCatalog;
import com.matih.tenantmigration.activities.postgres.catalog.TenantTable;
import com.matih.tenantmigration.activities.postgres.catalog.TenantTables;
import com.matih.tenantmigration.activities.postgres.client.DatabaseAccess;
import com.matih.tenantmigration.activities.postgres.client.PostgresConnections;
import com.matih.tenantmigration.activities.postgres.failure.PostgresFailures;
import com.matih.tenantmigration.activities.postgres.ownership.RequestedRules;
import com.matih.tenantmigration.activities.postgres.ownership.SharedObjectsJudge;
import com.matih.tenantmigration.activities.postgres.ownership.TableJudge;
import com.matih.tenantmigration.activities.postgres.programs.ClientPrograms;
import com.matih.tenantmigration.activities.postgres.provision.DatabaseTemplate;
import com.matih.tenantmigration.activities.postgres.provision.TargetServer;
import com.matih.tenantmigration.activities.postgres.rehearsal.EvaluatedRows;
import com.matih.tenantmigration.activities.postgres.rehearsal.Rehearsal;
import com.matih.tenantmigration.activities.postgres.requestsql.QuerySessions;
import com.matih.tenantmigration.activities.postgres.sql.MigrationNames;
import com.matih.tenantmigration.activities.postgres.sql.TableName;
import com.matih.tenantmigration.workflow.FailureType;
import com.matih.tenantmigration.workflow.MigrationContext;
import com.matih.tenantmigration.workflow.MigrationException;
import com.matih.tenantmigration.workflow.StoreName;
import com.matih.tenantmigration.workflow.report.PlanFindings;
import com.matih.tenantmigration.workflow.report.Refusal;
import com.matih.tenantmigration.workflow.report.StoresSummary;
import com.matih.tenantmigration.workflow.request.PostgresSpec;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Looks at both databases and the machine's client programs before anything is changed, and says
 * all that is wrong at once: what cannot be reached on one side does not hide what is wrong on the
 * other.
 */
public final class PostgresPlanner {

  /** The oldest major version whose catalog and statements are understood. */
  private static final int OLDEST = 13;

  private final PostgresConnections connections;
  private final ClientPrograms programs;
  private final QuerySessions querySessions;
  private final ObjectPresence objects;
  private final EvaluatedRows evaluatedRows;
  private final Rehearsal rehearsal;

  /**
   * A planner.
   *
   * @param objects looks up what the tenant's rows refer to
   */
  public PostgresPlanner(
      PostgresConnections connections,
      ClientPrograms programs,
      QuerySessions querySessions,
      ObjectPresence objects) {
    this.objects = objects;
    this.connections = connections;
    this.programs = programs;
    this.querySessions = querySessions;
    this.evaluatedRows = new EvaluatedRows(connections, programs);
    this.rehearsal = new Rehearsal(connections, programs);
  }

  /** What the target must offer for the source's sake. */
  private record Needs(
      int major,
      DatabaseTemplate template,
      List<Extension> extensions,
      List<SourceRights.PolicyRole> roles,
      List<TableName> forced,
      LockRoom.Need locks) {}

  /**
   * Plans.
   *
   * @throws MigrationException where the plan was asked to stop, or is tried again; all else that
   *     is wrong is a refusal
   */
  public PlanFindings plan(MigrationContext context, ProgressMonitor monitor) {
    PlanNotes notes = new PlanNotes(StoreName.POSTGRES);
    StoresSummary.Postgres summary = new StoresSummary.Postgres(List.of());
    Optional<Needs> needs = Optional.empty();
    List<TenantTable> moving = List.of();
    Optional<TenantTables> known = Optional.empty();
    PostgresSpec spec = context.spec(PostgresSpec.class);
    DatabaseAccess access = DatabaseAccess.source(connections, context);
    try (Connection source = access.open("plan")) {
      Poolers.examine("postgres.source", () -> access.openShort("plan"), notes);
      if (SourceRights.mayUse(source, List.of(spec.sourceSchema()), notes)) {
        TenantTables tables = TenantCatalog.read(source, context.request());
        if (SourceRights.examine(source, spec, tables, notes)) {
          known = Optional.of(tables);
          boolean areRulesSafe =
              new RequestedRules(querySessions, source, context, tables, notes).examine();
          moving =
              TableJudge.judge(
                  source, spec, context.request().tenantKey(), tables, areRulesSafe, notes);
          needs = Optional.of(needs(source, spec, tables));
          UnencodedTexts.examine(source, needs.get().template(), moving, notes);
          LockRoom.Need locks = needs.get().locks();
          LockRoom.examine(source, "postgres.source", locks.onSource(), locks.relations(), notes);
          examineSource(source, context, tables, moving, needs.get().extensions(), notes, monitor);
          new PlannedQueries(querySessions).examine(context, notes);
          summary = TenantVolume.measure(source, moving, spec.targetSchema(), notes, monitor);
          evaluatedRows.examine(context, moving, tables.shared().schemas(), notes, monitor);
        }
      }
    } catch (MigrationException | SQLException e) {
      refuseSide("source", e, notes);
    }
    examineTarget(context, needs, notes);
    rehearsal.rehearse(context, known, notes, monitor);
    examineSummary(context, summary, needs.isPresent(), notes);
    if (notes.refusals().isEmpty()) {
      measureSpeed(context, moving, summary, notes);
    }
    return notes.findings(StoresSummary.of(summary));
  }

  private void measureSpeed(
      MigrationContext context,
      List<TenantTable> moving,
      StoresSummary.Postgres summary,
      PlanNotes notes) {
    try (Connection source = DatabaseAccess.source(connections, context).open("plan speed")) {
      notes.expect(
          new RowSpeed(source).estimate(moving, summary, context.request().boundOnReading()));
    } catch (SQLException e) {
      throw PostgresFailures.translate("measure how fast to read", "the tenant's rows", e);
    }
  }

  private static Needs needs(Connection source, PostgresSpec spec, TenantTables tables)
      throws SQLException {
    String schema = spec.sourceSchema();
    return new Needs(
        source.getMetaData().getDatabaseMajorVersion(),
        DatabaseTemplate.read(source),
        OutsideDependencies.extensions(source, schema, spec.excludeTables(), tables.shared()),
        SourceRights.policyRoles(source, schema),
        TargetRights.forced(source, schema, spec.excludeTables()),
        LockRoom.need(source, schema, spec.parallelism()));
  }

  private void examineSource(
      Connection source,
      MigrationContext context,
      TenantTables tables,
      List<TenantTable> moving,
      List<Extension> extensions,
      PlanNotes notes,
      ProgressMonitor monitor)
      throws SQLException {
    PostgresSpec spec = context.spec(PostgresSpec.class);
    ConnectionRoom.examine(
        source, "postgres.source", source.getCatalog(), spec.parallelism(), notes);
    NamesInTexts.examine(source, spec, MigrationNames.FENCE_SCHEMA, notes);
    SharedObjectsJudge.examine(source, context.request(), tables, notes);
    CallsElsewhere.examine(
        source, spec.sourceSchema(), MigrationNames.FENCE_SCHEMA, tables.shared(), notes);
    RelationsElsewhere.examine(
        source, spec.sourceSchema(), MigrationNames.FENCE_SCHEMA, tables.shared(), notes);
    ClusterCounters.examine(source, spec.sourceSchema(), notes);
    OutsideSchema.list(source, spec.sourceSchema(), extensions, notes);
    if (notes.refusals().isEmpty()) {
      EventTriggers.examine(source, context, moving, notes);
    }
    OnlineLimits.examine(source, context, tables, moving, notes);
    LongTransactions.examine(source, moving, notes);
    ReplicaRoom.examine(source, context.request(), notes);
    new NamedReferences(source, context, objects, notes).examine(moving);
    UnnamedReferences.examine(source, context.request(), moving, notes, monitor);
    List<String> own = new ArrayList<>(spec.referenceTables());
    ExistingTables.elsewhere(spec, spec.sourceSchema())
        .forEach(table -> own.remove(table.toString()));
    if (spec.isolation() == PostgresSpec.Isolation.SCHEMA && !own.isEmpty()) {
      notes.warn(
          "referenceTables",
          ("has no effect for %s: isolation: schema moves the whole schema. Tables of other schemas"
                  + " are named as schema.table.")
              .formatted(String.join(", ", own)));
    }
  }

  private void examineTarget(MigrationContext context, Optional<Needs> needs, PlanNotes notes) {
    TargetServer server = new TargetServer(connections, context);
    try (Connection maintenance = server.openMaintenance("plan")) {
      int major = maintenance.getMetaData().getDatabaseMajorVersion();
      refuseIfOld("target", major, notes);
      Poolers.examine("postgres.target", () -> server.openMaintenance("plan"), notes);
      TargetReadiness.examineDatabase(server, maintenance, notes);
      TargetReadiness.examineSessions(server, maintenance, notes);
      ConnectionRoom.examine(
          maintenance,
          "postgres.target",
          server.databaseName(),
          context.spec(PostgresSpec.class).parallelism(),
          notes);
      if (needs.isPresent()) {
        Needs needed = needs.get();
        TargetReadiness.examineEncoding(server, maintenance, needed.template().encoding(), notes);
        if (server.look(maintenance) instanceof TargetServer.Standing.Empty) {
          TargetLocale.examine(server, needed.template(), notes);
          TargetReadiness.examinePlace(server, context.spec(PostgresSpec.class), notes);
        }
        TargetRights.examine(maintenance, needed.forced(), notes);
        TargetReadiness.examineExtensions(
            maintenance, needed.extensions(), context.spec(PostgresSpec.class), notes);
        TargetReadiness.examineRoles(maintenance, needed.roles(), notes);
        LockRoom.Need locks = needed.locks();
        LockRoom.examine(
            maintenance, "postgres.target", locks.onTarget(), locks.relations(), notes);
        examineVersions(needed.major(), major, notes);
      } else {
        var unused = examinePrograms(OLDEST, notes);
      }
    } catch (MigrationException | SQLException e) {
      refuseSide("target", e, notes);
      var unused = examinePrograms(needs.map(Needs::major).orElse(OLDEST), notes);
    }
  }

  private void examineVersions(int source, int target, PlanNotes notes) {
    refuseIfOld("source", source, notes);
    if (source > target) {
      notes.refuse(
          "postgres.target",
          "is a server of version %d, which is older than the source's version %d"
              .formatted(target, source),
          "Upgrade the target's server: PostgreSQL cannot restore into an older version.");
    }
    examinePrograms(source, notes)
        .filter(found -> !found.restoreInto(target))
        .ifPresent(
            found ->
                notes.warn(
                    "pg_restore",
                    ("is of version %d on this worker, which cannot restore into a server of version"
                            + " %d by itself: constraints and the indexes of small tables are built"
                            + " one after the other, which takes longer while the tenant is"
                            + " read-only. Install the package postgresql-client-%d beside it.")
                        .formatted(found.major(), target, target)));
  }

  private Optional<ClientPrograms.Programs> examinePrograms(int major, PlanNotes notes) {
    try {
      return Optional.of(programs.atLeast(major));
    } catch (MigrationException e) {
      if (e.type() != FailureType.TOOL_MISSING) {
        throw e;
      }
      notes.refuse("pg_dump", e.getMessage(), "Install it on every worker.");
      return Optional.empty();
    }
  }

  private static void refuseIfOld(String side, int major, PlanNotes notes) {
    if (major < OLDEST) {
      notes.refuse(
          "postgres." + side,
          "is a server of version %d".formatted(major),
          "Upgrade it to version %d or later.".formatted(OLDEST));
    }
  }

  private static void examineSummary(
      MigrationContext context,
      StoresSummary.Postgres summary,
      boolean isSourceKnown,
      PlanNotes notes) {
    if (isSourceKnown
        && notes.refusals().isEmpty()
        && summary.tables().stream()
            .allMatch(table -> table.rows() == 0 || isReference(table.table(), context))) {
      notes.warn(
          context.spec(PostgresSpec.class).sourceSchema(),
          "has no row of the tenant '%s'. Check tenantKey."
              .formatted(context.request().tenantKey()));
    }
    if (context.request().verification().queries().isEmpty()) {
      notes.warn("verification.queries", "is empty: QUERY_TEST is skipped.");
    }
  }

  private static boolean isReference(String tableOnTarget, MigrationContext context) {
    PostgresSpec spec = context.spec(PostgresSpec.class);
    return !tableOnTarget.startsWith(spec.targetSchema() + ".")
        || spec.referenceTables().stream()
            .map(table -> new TableName(spec.targetSchema(), table).toString())
            .anyMatch(tableOnTarget::equals);
  }

  private static void refuseSide(String side, Exception e, PlanNotes notes) {
    MigrationException failure =
        e instanceof MigrationException known
            ? known
            : PostgresFailures.translate("examine", "the " + side, (SQLException) e);
    AskedToStop.rethrowUnlessFinding(failure);
    String reason = String.valueOf(failure.getMessage());
    notes.refuse(
        Refusal.of(
            StoreName.POSTGRES,
            "postgres." + side,
            reason,
            reason.contains("unsupported startup parameter")
                ? Poolers.REMEDY
                : "Correct postgres.%s.".formatted(side)));
  }
}

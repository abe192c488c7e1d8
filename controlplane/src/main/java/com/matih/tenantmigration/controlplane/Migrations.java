package com.matih.tenantmigration.controlplane;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.matih.tenantmigration.controlplane.database.Transactions;
import com.matih.tenantmigration.jdbc.Sql;
import com.matih.tenantmigration.workflow.FailureType;
import com.matih.tenantmigration.workflow.MigrationException;
import com.matih.tenantmigration.workflow.Outcome;
import com.matih.tenantmigration.workflow.Phase;
import com.matih.tenantmigration.workflow.report.MigrationReport;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * All migrations with their reports, running ones and ended ones.
 *
 * <p>All methods throw {@link com.matih.tenantmigration.workflow.MigrationException} (retryable but
 * for missing rights) where the control plane cannot be reached.
 */
public final class Migrations {

  private static final String SELECT =
      "SELECT migration_id, tenant_id, phase, outcome, started_at, updated_at, report"
          + " FROM tenant_control.migration";

  private static final String FILTERED =
      " WHERE (?::text IS NULL OR tenant_id = ?) AND outcome = ANY (string_to_array(?, ','))";

  private final Transactions transactions;
  private final AuditRows audit;
  private final ObjectMapper json;

  Migrations(Transactions transactions, AuditRows audit, ObjectMapper json) {
    this.transactions = transactions;
    this.audit = audit;
    this.json = json;
  }

  /**
   * Keeps where a migration stands and adds to its audit trail, in one transaction. An entry whose
   * step has a line already is not added again, and a late try does not make an ended migration
   * look running.
   *
   * @return the steps whose entries were added by this call
   * @throws MigrationException of type MIGRATION_ENDED where another run has ended the migration;
   *     nothing is kept then
   */
  public Set<String> keep(Phase phase, MigrationReport report, List<AuditEntry> entries) {
    return keep(
        phase,
        report,
        entries,
        report.runId(),
        " WHERE kept.outcome = 'RUNNING'"
            + " OR (kept.run_id = EXCLUDED.run_id AND EXCLUDED.outcome <> 'RUNNING')");
  }

  /**
   * Keeps what a repair made of a migration, whatever is on record of it.
   *
   * @param runId the repair's own run; that of the migration, reset later, finds the end on record
   * @return the steps whose entries were added by this call
   */
  public Set<String> amend(
      Phase phase, MigrationReport report, List<AuditEntry> entries, String runId) {
    return keep(phase, report, entries, runId, "");
  }

  private Set<String> keep(
      Phase phase,
      MigrationReport report,
      List<AuditEntry> entries,
      String runId,
      String condition) {
    return transactions.run(
        "write the migration's record",
        connection -> {
          if (!upsert(connection, phase, report, runId, condition)) {
            refuseIfEnded(find(connection, report.migrationId()), runId);
          }
          Set<String> added = new HashSet<>();
          for (AuditEntry entry : entries) {
            if (audit.append(connection, entry)) {
              added.add(entry.step());
            }
          }
          return added;
        });
  }

  private boolean upsert(
      Connection connection, Phase phase, MigrationReport report, String runId, String condition)
      throws SQLException {
    String sql =
        "INSERT INTO tenant_control.migration AS kept"
            + " (migration_id, tenant_id, workflow_id, run_id, phase, outcome, report)"
            + " VALUES (?, ?, ?, ?, ?, ?, ?::jsonb) ON CONFLICT (migration_id) DO UPDATE"
            + " SET run_id = EXCLUDED.run_id, phase = EXCLUDED.phase, outcome = EXCLUDED.outcome,"
            + " report = EXCLUDED.report, updated_at = clock_timestamp()"
            + condition;
    int kept =
        Sql.update(
            connection,
            sql,
            report.migrationId(),
            report.tenant(),
            report.workflowId(),
            runId,
            phase,
            report.outcome(),
            write(report));
    return kept == 1;
  }

  /**
   * Refuses a run of a migration that another run of it has ended. A run sets another outcome than
   * RUNNING only with the last thing that it records, so whoever comes later under another run's id
   * was reset; the run that ended it may repeat its last steps.
   *
   * @throws MigrationException of type MIGRATION_ENDED
   */
  public void requireNotEnded(String migrationId, String runId) {
    var unused =
        transactions.run(
            "read the migration's record",
            connection -> {
              refuseIfEnded(find(connection, migrationId), runId);
              return true;
            });
  }

  private static Optional<Ended> find(Connection connection, String migrationId)
      throws SQLException {
    return Sql.first(
        connection,
        "SELECT outcome, run_id FROM tenant_control.migration"
            + " WHERE migration_id = ? AND outcome <> 'RUNNING'",
        row -> new Ended(migrationId, row.getString(1), row.getString(2)),
        migrationId);
  }

  private static void refuseIfEnded(Optional<Ended> record, String runId) {
    if (record.isPresent() && !record.get().runId().equals(runId)) {
      throw new MigrationException(
          FailureType.MIGRATION_ENDED,
          ("Migration %s had already ended as %s in run %s. Nothing was changed;"
                  + " start a new migration instead of a reset.")
              .formatted(record.get().migrationId(), record.get().outcome(), record.get().runId()));
    }
  }

  /**
   * Which migrations are listed.
   *
   * @param tenant whose; {@code null} for all tenants'
   * @param outcomes those that they may have on record
   * @param limit how many at most, the newest
   */
  public record Filter(@Nullable String tenant, Set<Outcome> outcomes, int limit) {

    /** Takes a copy of the outcomes. */
    public Filter {
      outcomes = Set.copyOf(outcomes);
    }

    /** Whether it leaves out none but for their number. */
    public boolean isOfAll() {
      return tenant == null && outcomes.size() == Outcome.values().length;
    }
  }

  private record Ended(String migrationId, String outcome, String runId) {}

  /**
   * The migration of a tenant that began last; one that was refused does not hide one before it
   * that has not ended, or whose rollback is incomplete.
   */
  public Optional<MigrationRecord> latest(String tenant) {
    Optional<MigrationRecord> newest =
        read(SELECT + " WHERE tenant_id = ? ORDER BY started_at DESC LIMIT 1", tenant).stream()
            .findFirst();
    return newest
        .filter(last -> last.outcome() == Outcome.REFUSED)
        .flatMap(refused -> lastBeside(tenant, refused.migrationId()))
        .filter(
            earlier ->
                earlier.outcome() == Outcome.RUNNING
                    || earlier.outcome() == Outcome.ROLLBACK_INCOMPLETE)
        .or(() -> newest);
  }

  /** The migration of a tenant that began last of those that were not refused, beside that one. */
  public Optional<MigrationRecord> lastBeside(String tenant, String migrationId) {
    return read(
            SELECT
                + " WHERE tenant_id = ? AND outcome <> 'REFUSED' ORDER BY started_at DESC LIMIT 2",
            tenant)
        .stream()
        .filter(record -> !record.migrationId().equals(migrationId))
        .findFirst();
  }

  /** All migrations of a tenant, the newest first. */
  public List<MigrationRecord> of(String tenant) {
    return read(SELECT + " WHERE tenant_id = ? ORDER BY started_at DESC", tenant);
  }

  /** The migration with this id. */
  public Optional<MigrationRecord> find(String migrationId) {
    return read(SELECT + " WHERE migration_id = ?", migrationId).stream().findFirst();
  }

  /** All migrations, the newest first. */
  public List<MigrationRecord> all() {
    return transactions.run(
        "read the migrations' records",
        connection -> select(connection, SELECT + " ORDER BY started_at DESC"));
  }

  /** The migrations that pass a filter, the newest first. */
  public List<MigrationRecord> list(Filter filter) {
    return transactions.run(
        "read the migrations' records",
        connection ->
            select(
                connection,
                SELECT + FILTERED + " ORDER BY started_at DESC LIMIT ?",
                filter.tenant(),
                filter.tenant(),
                names(filter),
                filter.limit()));
  }

  /** How many migrations pass a filter, whatever its limit. */
  public long count(Filter filter) {
    return transactions.run(
        "count the migrations' records",
        connection ->
            Sql.first(
                    connection,
                    "SELECT count(*) FROM tenant_control.migration" + FILTERED,
                    row -> row.getLong(1),
                    filter.tenant(),
                    filter.tenant(),
                    names(filter))
                .orElseThrow());
  }

  private static String names(Filter filter) {
    return filter.outcomes().stream().map(Outcome::name).collect(Collectors.joining(","));
  }

  /** How all migrations stand at this moment. */
  public MigrationOverview overview() {
    return transactions.run("look at all migrations", OverviewRows::read);
  }

  private List<MigrationRecord> read(String sql, String parameter) {
    return transactions.run(
        "read the migration's record", connection -> select(connection, sql, parameter));
  }

  private List<MigrationRecord> select(Connection connection, String sql, Object... values)
      throws SQLException {
    return Sql.list(
        connection,
        sql,
        row ->
            new MigrationRecord(
                row.getString(1),
                row.getString(2),
                Phase.valueOf(row.getString(3)),
                Outcome.valueOf(row.getString(4)),
                Sql.instant(row, 5),
                Sql.instant(row, 6),
                parse(row.getString(7))),
        values);
  }

  private String write(MigrationReport report) {
    try {
      return json.writeValueAsString(report);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException("a report that is not JSON", e);
    }
  }

  private MigrationReport parse(String text) {
    try {
      return json.readValue(text, MigrationReport.class);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a kept report that is none", e);
    }
  }
}

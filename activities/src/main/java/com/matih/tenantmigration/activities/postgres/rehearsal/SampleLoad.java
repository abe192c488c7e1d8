package com.matih.tenantmigration.activities.postgres.rehearsal;

import com.matih.tenantmigration.activities.engine.PlanNotes;
import com.matih.tenantmigration.activities.postgres.catalog.TenantTable;
import com.matih.tenantmigration.activities.postgres.copy.CopyPipe;
import com.matih.tenantmigration.activities.postgres.failure.PostgresFailures;
import com.matih.tenantmigration.activities.postgres.ledger.CopiedTable;
import com.matih.tenantmigration.activities.postgres.ledger.CopyFormat;
import com.matih.tenantmigration.activities.postgres.ledger.SnapshotPoint.LateCheck;
import com.matih.tenantmigration.activities.postgres.rehearsal.RowExpressions.Evaluated;
import com.matih.tenantmigration.activities.postgres.rehearsal.RowExpressions.Kind;
import com.matih.tenantmigration.activities.postgres.sql.Identifiers;
import com.matih.tenantmigration.activities.postgres.sql.TableName;
import com.matih.tenantmigration.jdbc.Sql;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.postgresql.PGConnection;
import org.postgresql.copy.CopyIn;
import org.postgresql.copy.CopyOut;

/**
 * Loads some of the tenant's rows into the scratch database's tables, so that constraints,
 * generated columns and indexes evaluate what they will evaluate, on the server that will do it,
 * while no other table holds a row.
 *
 * <p>The rows come in the form in which they will be copied. They go with the transaction, as does
 * what it {@linkplain #takeAway takes away}. A copy of a table would not do: an expression may take
 * the whole row, which has the table's own type.
 */
final class SampleLoad {

  private static final int ROWS = 200;

  /** check_violation, raise_exception, no_data_found. */
  private static final Set<String> WITHOUT_OTHERS = Set.of("23514", "P0001", "P0002");

  private static final TableName PLAIN = new TableName("pg_temp", "tenant_migration_plain");

  /** What the table gets after its rows, as the statements that take it away. */
  private static final String COMES_LATER =
      """
      SELECT format('ALTER DOMAIN %s DROP CONSTRAINT %I', k.contypid::regtype, k.conname)
        FROM pg_constraint k
       WHERE k.contypid <> 0 AND NOT k.convalidated
      UNION ALL
      SELECT format('ALTER TABLE %s DROP CONSTRAINT %I', k.conrelid::regclass, k.conname)
        FROM pg_constraint k
       WHERE k.coninhcount = 0 AND k.conrelid IN (SELECT oid FROM tree UNION SELECT oid FROM up)
         AND ((k.contype = 'c' AND NOT k.convalidated)
              OR (k.contype = 'f' AND k.conparentid = 0 AND k.conrelid IN (SELECT oid FROM tree)))
      UNION ALL
      SELECT format('DROP RULE %I ON %s', r.rulename, r.ev_class::regclass)
        FROM pg_rewrite r WHERE r.ev_class IN (SELECT oid FROM tree)
      UNION ALL
      SELECT format('DROP TRIGGER %I ON %s', g.tgname, g.tgrelid::regclass)
        FROM pg_trigger g
       WHERE g.tgrelid IN (SELECT oid FROM tree) AND NOT g.tgisinternal
         -- a partition's goes with its table's
         AND NOT EXISTS (SELECT 1 FROM pg_depend d
                          WHERE d.classid = 'pg_trigger'::regclass AND d.objid = g.oid
                            AND d.refclassid = 'pg_trigger'::regclass)
      UNION ALL
      SELECT format('ALTER TABLE %s NO FORCE ROW LEVEL SECURITY', c.oid::regclass)
        FROM pg_class c WHERE c.oid IN (SELECT oid FROM tree) AND c.relforcerowsecurity
      """;

  /** A table with its partitions, and what it inherits from. */
  private static final String TREE =
      """
      WITH RECURSIVE tree(oid) AS (
        SELECT ?::text::regclass::oid
         UNION ALL
        SELECT i.inhrelid FROM tree JOIN pg_inherits i ON i.inhparent = tree.oid
          JOIN pg_class p ON p.oid = i.inhrelid AND p.relispartition),
      up(oid) AS (
        SELECT ?::text::regclass::oid
         UNION ALL
        SELECT i.inhparent FROM up JOIN pg_inherits i ON i.inhrelid = up.oid)
      """;

  private final Connection source;
  private final Connection scratch;
  private final List<LateCheck> lateChecks;
  private final PlanNotes findings;
  private final int targetVersion;

  /**
   * @param source the shared database
   * @param scratch with the schema under its source's name; not in autocommit mode
   * @param lateChecks what is added after all rows, and no table of the scratch database has
   */
  SampleLoad(Connection source, Connection scratch, List<LateCheck> lateChecks, PlanNotes findings)
      throws SQLException {
    this.source = source;
    this.scratch = scratch;
    this.lateChecks = List.copyOf(lateChecks);
    this.findings = findings;
    this.targetVersion =
        Sql.one(scratch, "SELECT current_setting('server_version_num')::int", row -> row.getInt(1));
  }

  /** Loads a table's sample. */
  void load(TenantTable table) throws SQLException {
    try {
      List<Evaluated> evaluated = RowExpressions.of(scratch, table.name());
      takeAway(table);
      copy(table);
      insert(table);
      for (LateCheck check : lateChecks) {
        if (table.name().equals(new TableName(check.schema(), check.table()))) {
          evaluateLate(table, check);
        }
      }
      for (Evaluated one : evaluated) {
        if (one.kind() == Kind.GENERATED) {
          compare(table, one);
        }
      }
      // these resolve names in a way of their own since version 17
      for (String filled : filled(table)) {
        Sql.execute(scratch, "ANALYZE " + filled);
        Sql.execute(scratch, "REINDEX TABLE " + filled);
      }
    } catch (SQLException e) {
      if (PostgresFailures.type(e).retryable()) {
        throw e;
      }
      scratch.rollback();
      findings.refuse(
          table.name(),
          "has rows of the tenant that cannot be loaded on the dedicated server: "
              + PostgresFailures.reason(e)
              + definition(e, table).map(", which is "::concat).orElse(""),
          remedy(e, table));
    } finally {
      scratch.rollback();
    }
  }

  private static String remedy(SQLException e, TenantTable table) {
    return "23505".equals(e.getSQLState()) || "23P01".equals(e.getSQLState())
        ? "The index lacks entries on the shared side, which would refuse these rows otherwise. Find"
            + " the rows without it (SET enable_indexscan = off), correct them, and REINDEX TABLE %s."
                .formatted(Identifiers.quote(table.name()))
        : "A function that one of its constraints, generated columns or indexes calls does not"
            + " work there: it reads other tables, whose rows may arrive later, or calls"
            + " something by a name that it does not find. Give it a search_path of its own"
            + " (ALTER FUNCTION ... SET search_path), or drop the constraint and add it again"
            + " as NOT VALID.";
  }

  private void copy(TenantTable table) throws SQLException {
    String name = Identifiers.quote(table.name());
    Sql.execute(scratch, "CREATE TEMPORARY TABLE %s (LIKE %s)".formatted(PLAIN.table(), name));
    List<String> columns = new ArrayList<>(table.columns());
    columns.addAll(table.generatedColumns());
    CopyFormat format =
        CopyFormat.of(
            source,
            Sql.number(source, "SELECT ?::text::regclass::oid::bigint", name),
            targetVersion);
    CopyOut out =
        source
            .unwrap(PGConnection.class)
            .getCopyAPI()
            .copyOut(
                "COPY (SELECT %s FROM %s AS t WHERE %s LIMIT %d) TO STDOUT %s"
                    .formatted(
                        Identifiers.list("t", columns),
                        table.rows().sql(),
                        table.predicate(),
                        ROWS,
                        format.option()));
    CopyIn in =
        scratch
            .unwrap(PGConnection.class)
            .getCopyAPI()
            .copyIn(CopiedTable.copyIn(PLAIN, columns, format));
    try {
      var unused = CopyPipe.run(out, in, OutputStream.nullOutputStream(), rows -> {});
    } catch (IOException e) {
      throw new UncheckedIOException("a stream to nowhere failed", e);
    } finally {
      if (out.isActive()) {
        out.cancelCopy();
      }
    }
  }

  /** Takes away what the table will get after its rows: they need not pass it. */
  private void takeAway(TenantTable table) throws SQLException {
    String name = Identifiers.quote(table.name());
    for (String statement : Sql.texts(scratch, TREE + COMES_LATER, name, name)) {
      Sql.execute(scratch, statement);
    }
  }

  private void insert(TenantTable table) throws SQLException {
    String columns = Identifiers.list(table.columns());
    Sql.execute(
        scratch,
        "INSERT INTO %s (%s) OVERRIDING SYSTEM VALUE SELECT %s FROM %s"
            .formatted(
                Identifiers.quote(table.name()), columns, columns, Identifiers.quote(PLAIN)));
  }

  /** The table, or the partitions of it that the sample's rows went to. */
  private List<String> filled(TenantTable table) throws SQLException {
    return Sql.texts(
        scratch,
        "SELECT DISTINCT tableoid::regclass::text FROM " + Identifiers.quote(table.name()));
  }

  /**
   * Without the rows of other tables the constraint may well be false; what else goes wrong would
   * go wrong with them too.
   */
  private void evaluateLate(TenantTable table, LateCheck check) throws SQLException {
    Savepoint before = scratch.setSavepoint();
    try {
      Sql.execute(
          scratch,
          "ALTER TABLE %s ADD CONSTRAINT %s %s"
              .formatted(
                  Identifiers.quote(table.name()),
                  Identifiers.quote(check.name()),
                  check.definition()));
    } catch (SQLException e) {
      if (!WITHOUT_OTHERS.contains(String.valueOf(e.getSQLState()))) {
        throw e;
      }
      findings.warn(
          table.name(),
          ("has the constraint %s (%s), which rows of the tenant pass only together with rows of"
                  + " other tables. It is added when all rows have arrived; the tables that it reads"
                  + " have only the tenant's rows there.")
              .formatted(check.name(), check.definition()));
    } finally {
      scratch.rollback(before);
    }
  }

  private void compare(TenantTable table, Evaluated generated) throws SQLException {
    long different =
        Sql.number(
            scratch,
            "SELECT count(*) FROM %s AS t WHERE %s"
                .formatted(Identifiers.quote(PLAIN), generated.wrong()));
    if (different > 0) {
      findings.refuse(
          table.name(),
          "has the generated column %s (%s), which gets another value on the dedicated server in %d of %d rows that were tried"
              .formatted(generated.name(), generated.definition(), different, ROWS),
          "Its expression depends on the server (version, locale) or on a setting: make it depend"
              + " on the row alone, or give the target the same version, locale or setting.");
    }
  }

  /** What the constraint is that the error names. */
  private Optional<String> definition(SQLException e, TenantTable table) throws SQLException {
    String constraint = PostgresFailures.constraint(e);
    return constraint.isEmpty()
        ? Optional.empty()
        : Sql.text(
            scratch,
            "SELECT pg_get_constraintdef(oid) FROM pg_constraint"
                + " WHERE conrelid = ?::text::regclass AND conname = ?",
            Identifiers.quote(table.name()),
            constraint);
  }
}

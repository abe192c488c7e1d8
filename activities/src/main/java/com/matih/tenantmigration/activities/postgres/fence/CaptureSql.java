package com.matih.tenantmigration.activities.postgres.fence;

import com.matih.tenantmigration.activities.postgres.catalog.TenantPredicate;
import com.matih.tenantmigration.activities.postgres.catalog.TenantPredicate.ByForeignKey;
import com.matih.tenantmigration.activities.postgres.catalog.TenantPredicate.Way;
import com.matih.tenantmigration.activities.postgres.catalog.TenantTable.Scope;
import com.matih.tenantmigration.activities.postgres.catalog.TenantTables;
import com.matih.tenantmigration.activities.postgres.sql.Identifiers;
import com.matih.tenantmigration.activities.postgres.sql.MigrationNames;
import com.matih.tenantmigration.activities.postgres.sql.TableName;
import com.matih.tenantmigration.jdbc.Sql;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/**
 * The tables of notes, and the functions that note one tenant's changes and, once the fence is
 * raised, refuse them, as SQL.
 *
 * <p>A function notes first and then reads, outside of any transaction, whether the fence is
 * raised. A writer that found it open holds a lock on a table of notes until its transaction ends,
 * so whoever raises the fence under a lock on all of them has waited for every such writer.
 *
 * @param fence names and refusals
 */
record CaptureSql(FenceSql fence) {

  /** A transaction has one snapshot for all its life, which may be older than what it judges. */
  private static final String HAS_OLD_SNAPSHOT =
      "current_setting('transaction_isolation') IN ('repeatable read', 'serializable')";

  /** Whose last value is 1 once the fence is raised. */
  TableName raised() {
    return named("_raised");
  }

  /** One row: whether the fence is raised, as snapshots see it, and a number that grows. */
  TableName state() {
    return named("_state");
  }

  /** One row, which a crash of the server takes away. */
  TableName marker() {
    return named("_marker");
  }

  private TableName named(String suffix) {
    return new TableName(
        MigrationNames.FENCE_SCHEMA, FenceSql.functionPrefix(fence.migrationId()) + suffix);
  }

  /** Statements that create what all tables share; each may be run again. */
  List<String> createShared() {
    String state = Identifiers.quote(state());
    return List.of(
        "CREATE SEQUENCE IF NOT EXISTS %s MINVALUE 0 START 0"
            .formatted(Identifiers.quote(raised())),
        "CREATE TABLE IF NOT EXISTS %s (raised boolean NOT NULL, beat bigint NOT NULL, last_deleted bigint NOT NULL DEFAULT 0)"
            .formatted(state),
        "INSERT INTO %1$s SELECT false, 0 WHERE NOT EXISTS (SELECT 1 FROM %1$s)".formatted(state));
  }

  /** Creates the marker and its row, once. */
  String createMarker() {
    return "CREATE UNLOGGED TABLE %s AS SELECT 1 AS stands".formatted(Identifiers.quote(marker()));
  }

  /** Statements that create a table of notes; each may be run again. */
  static List<String> createNotes(NoteTable note) {
    // a note of the whole table has no key
    String columns = note.columns().isEmpty() ? "" : Identifiers.nullable(note.columns()) + ", ";
    return List.of(
        "CREATE TABLE IF NOT EXISTS %s AS SELECT %s''::\"char\" AS %s, '0'::xid8 AS %s FROM %s WITH NO DATA"
            .formatted(
                Identifiers.quote(note.name()),
                columns,
                NoteTable.KIND,
                NoteTable.XID,
                note.table().rows().sql()),
        "ALTER TABLE %s ALTER COLUMN %s SET DEFAULT pg_current_xact_id()"
            .formatted(Identifiers.quote(note.name()), NoteTable.XID));
  }

  /** Creates the function of a table, or replaces an earlier text of it. */
  String createFunction(
      NoteTable note, TenantPredicate moving, TenantPredicate own, String searchPath) {
    return FenceSql.create(note.function(), FenceSql.asOwner(searchPath), body(note, moving, own));
  }

  /**
   * What does not stand of the raised fence; empty where every table refuses the tenant's writes.
   */
  List<String> missing(Connection source, TenantTables tables) throws SQLException {
    List<NoteTable> notes = NoteTable.of(source, fence.migrationId(), tables);
    StandingFence standing =
        StandingFence.read(source, fence, notes.stream().map(note -> note.table().name()).toList());
    List<String> missing = new ArrayList<>();
    for (NoteTable note : notes) {
      TableName table = note.table().name();
      missing.addAll(standing.unwatched(table));
      String body = body(note, tables.moving(table), tables.scoped(table).rules().own());
      if (!body.equals(standing.bodies().get(note.function()))) {
        missing.add("%s: the fence's function is not the one that refuses".formatted(table));
      }
    }
    if (!Sql.isTrue(source, "SELECT " + isRaised())) {
      missing.add("the fence is not raised");
    }
    return missing;
  }

  private String body(NoteTable note, TenantPredicate moving, TenantPredicate own) {
    boolean holdsCondition = moving.holdsCondition() || own.holdsCondition();
    return (holdsCondition ? "#variable_conflict use_column\n" : "")
        + "BEGIN IF TG_OP = 'TRUNCATE' THEN "
        + insert(note, "'" + NoteTable.WHOLE + "'", "")
        + " IF "
        + isRaised()
        + " THEN "
        + fence.raise()
        + " END IF; RETURN NULL; END IF; "
        + note(note, moving)
        + refusal(note, moving, own)
        + "RETURN NULL; END";
  }

  private String note(NoteTable note, TenantPredicate moving) {
    if (!note.isCaptured()) {
      return "";
    }
    return note.isKeyed() ? noteRows(note, moving) : noteWhole(note, moving);
  }

  private String noteRows(NoteTable note, TenantPredicate moving) {
    String same = sameKey(note);
    return "IF TG_OP IN ('UPDATE', 'DELETE') AND (%s) THEN %s END IF; "
            .formatted(mayMove(moving, "OLD"), insert(note, kind(note, moving), "OLD"))
        + "IF (TG_OP = 'INSERT' OR (TG_OP = 'UPDATE' AND NOT (%s AND (%s) IS TRUE))) AND (%s) THEN %s END IF; "
            .formatted(
                same,
                mayMove(moving, "OLD"),
                mayMove(moving, "NEW"),
                insert(note, kind(note, moving), "NEW"));
  }

  private static String sameKey(NoteTable note) {
    return isUnchanged(note.columns());
  }

  /** Byte for byte: an equality of an extension's type is not found by {@code =} everywhere. */
  private static String isUnchanged(List<String> columns) {
    return "ROW(%s)::record OPERATOR(pg_catalog.*=) ROW(%s)::record"
        .formatted(Identifiers.list("OLD", columns), Identifiers.list("NEW", columns));
  }

  /**
   * A row whose parents cannot be seen is noted; whose it is, is judged when it is carried over.
   */
  private String mayMove(TenantPredicate moving, String row) {
    if (moving.isOfRowAlone()) {
      // the trigger has asked; of an update it has asked for either row
      return moving.sql(fence.schema(), row);
    }
    return "(%s AND %s) OR %s"
        .formatted(HAS_OLD_SNAPSHOT, moving.mayBe(row), hasSuchParents(moving, row));
  }

  private String hasSuchParents(TenantPredicate moving, String row) {
    return "(%s) OR (%s)".formatted(moving.sql(fence.schema(), row), isUnresolved(moving, row, 1));
  }

  /** SQL that judges a row as the function of a table does where the row alone does not tell. */
  String judgement(NoteTable note, TenantPredicate moving, String row) {
    return note.isKeyed() ? hasSuchParents(moving, row) : moving.sql(fence.schema(), row);
  }

  /** SQL that is true where one of the row's parents, or of theirs, is set and not seen. */
  private String isUnresolved(TenantPredicate rule, String row, int depth) {
    if (!(rule instanceof ByForeignKey byKey)) {
      return "false";
    }
    return byKey.ways().stream()
        .map(way -> isUnresolved(way, row, depth))
        .collect(Collectors.joining(" OR "));
  }

  private String isUnresolved(Way way, String row, int depth) {
    String parent = "q" + depth;
    return "(%s AND NOT EXISTS (SELECT 1 FROM %s AS %s WHERE %s AND NOT (%s)))"
        .formatted(
            way.isSet(row),
            way.key().referencedRows(fence.schema()).sql(),
            parent,
            way.key().join(fence.schema(), parent, row),
            isUnresolved(way.parentRule(), parent, depth + 1));
  }

  /** What a note says of the row, where rows of other tables hang on it. */
  private String kind(NoteTable note, TenantPredicate moving) {
    if (!note.hasScopedChildren()) {
      return "'" + NoteTable.ROW + "'";
    }
    String isSameTenants =
        moving.isOfRowAlone()
            ? "(%s) IS NOT DISTINCT FROM (%s)"
                .formatted(moving.sql(fence.schema(), "OLD"), moving.sql(fence.schema(), "NEW"))
            : isUnchanged(parentColumns(note));
    return ("CASE WHEN current_setting('session_replication_role') = 'replica'"
            + " OR (TG_OP = 'UPDATE' AND NOT (%s AND %s)) THEN '%s' ELSE '%s' END")
        .formatted(sameKey(note), isSameTenants, NoteTable.MOVED, NoteTable.ROW);
  }

  private static List<String> parentColumns(NoteTable note) {
    return note.parents().stream().flatMap(key -> key.columns().stream()).distinct().toList();
  }

  private String noteWhole(NoteTable note, TenantPredicate moving) {
    String insert = insert(note, "'" + NoteTable.WHOLE + "'", "");
    if (moving.isOfRowAlone()) {
      return insert + " ";
    }
    // what the request's SQL cannot be asked of is no row of the tenant
    return ("IF %s THEN %s ELSE BEGIN IF (%s) IS TRUE OR (%s) IS TRUE THEN %s END IF;"
            + " EXCEPTION WHEN data_exception THEN NULL; END; END IF; ")
        .formatted(
            HAS_OLD_SNAPSHOT,
            insert,
            moving.sql(fence.schema(), "OLD"),
            moving.sql(fence.schema(), "NEW"),
            insert);
  }

  private String refusal(NoteTable note, TenantPredicate moving, TenantPredicate own) {
    if (note.table().scope() == Scope.REFERENCE) {
      return "";
    }
    if (own.isOfRowAlone()) {
      String isOwn =
          moving.equals(own)
              ? "true"
              : "(%s) IS TRUE OR (%s) IS TRUE"
                  .formatted(own.sql(fence.schema(), "OLD"), own.sql(fence.schema(), "NEW"));
      return "IF %s AND (%s) THEN %s END IF; ".formatted(isRaised(), isOwn, fence.raise());
    }
    return ("IF %s THEN BEGIN IF (%s) IS TRUE OR (%s) IS TRUE THEN %s END IF;"
            + " EXCEPTION WHEN data_exception THEN NULL; END;"
            + " IF %s AND NOT EXISTS (SELECT 1 FROM %s WHERE raised) THEN IF (%s) OR (%s) THEN %s"
            + " END IF; END IF; END IF; ")
        .formatted(
            isRaised(),
            own.sql(fence.schema(), "OLD"),
            own.sql(fence.schema(), "NEW"),
            fence.raise(),
            HAS_OLD_SNAPSHOT,
            Identifiers.quote(state()),
            own.mayBe("OLD"),
            own.mayBe("NEW"),
            fence.notSerializable());
  }

  private String isRaised() {
    return "(SELECT last_value FROM %s) > 0".formatted(Identifiers.quote(raised()));
  }

  private static String insert(NoteTable note, String kind, String row) {
    List<String> columns = row.isEmpty() ? List.of() : note.columns();
    return "INSERT INTO %s (%s%s) VALUES (%s%s);"
        .formatted(
            Identifiers.quote(note.name()),
            columns.stream()
                .map(name -> Identifiers.quote(name) + ", ")
                .collect(Collectors.joining()),
            NoteTable.KIND,
            columns.stream()
                .map(name -> row + "." + Identifiers.quote(name) + ", ")
                .collect(Collectors.joining()),
            kind);
  }
}

package com.matih.tenantmigration.activities.postgres.snapshot;

import com.matih.tenantmigration.activities.postgres.catalog.OutsideDependencies;
import com.matih.tenantmigration.activities.postgres.catalog.SharedObjects;
import com.matih.tenantmigration.activities.postgres.catalog.TenantTable;
import com.matih.tenantmigration.activities.postgres.ledger.SnapshotPoint.Extension;
import com.matih.tenantmigration.activities.postgres.ledger.SnapshotPoint.Sequence;
import com.matih.tenantmigration.activities.postgres.sql.Identifiers;
import com.matih.tenantmigration.activities.postgres.sql.MigrationNames;
import com.matih.tenantmigration.activities.postgres.sql.SqlLiterals;
import com.matih.tenantmigration.activities.postgres.sql.TableName;
import com.matih.tenantmigration.jdbc.Sql;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Looks up in the shared database's catalog what travels beside the tables, and what does not.
 *
 * @param schema the source's schema
 * @param moving the tables that move, partitioned tables by their roots
 * @param foreignPartitions partitions of these that do not move
 */
record SourceObjects(
    Connection source, String schema, List<String> moving, Set<String> foreignPartitions) {

  /** Tables that do not move and are no partition of one that does, and the sequences they own. */
  private static final String STAYING =
      """
      WITH tables AS (
        SELECT c.oid, c.relname
          FROM pg_class c
         WHERE c.relnamespace = ?::text::regnamespace AND c.relkind IN ('r', 'p', 'f')
           AND coalesce((SELECT r.relname FROM pg_class r WHERE r.oid = pg_partition_root(c.oid)),
                        c.relname) <> ALL (?))
      SELECT relname FROM tables
      UNION
      SELECT s.relname
        FROM tables
        JOIN pg_depend d ON d.refclassid = 'pg_class'::regclass AND d.refobjid = tables.oid
                        AND d.classid = 'pg_class'::regclass AND d.deptype IN ('a', 'i')
        JOIN pg_class s ON s.oid = d.objid AND s.relkind = 'S'
      """;

  private static final String FENCE_TRIGGERS =
      """
      SELECT t.oid
        FROM pg_trigger t
        JOIN pg_proc f ON f.oid = t.tgfoid
        JOIN pg_namespace n ON n.oid = f.pronamespace
       WHERE n.nspname = ?
      """;

  private static final String OF_KIND =
      """
      SELECT c.relname, c.relispopulated
        FROM pg_class c
       WHERE c.relnamespace = ?::text::regnamespace AND c.relkind = ?::"char"
         AND NOT EXISTS (SELECT 1 FROM pg_depend d
                          WHERE d.classid = 'pg_class'::regclass AND d.objid = c.oid
                            AND d.deptype = 'e')
       ORDER BY c.oid
      """;

  private static final String DEFINITION =
      """
      SELECT concat('AS ', format_type(q.seqtypid, NULL), ' INCREMENT ', q.seqincrement,
                    ' MINVALUE ', q.seqmin, ' MAXVALUE ', q.seqmax, ' START ', q.seqstart,
                    ' CACHE ', q.seqcache, CASE WHEN q.seqcycle THEN ' CYCLE' END)
        FROM pg_sequence q WHERE q.seqrelid = %s::regclass""";

  private static final int SEQUENCES_TOGETHER = 100;

  SourceObjects {
    moving = List.copyOf(moving);
    foreignPartitions = Set.copyOf(foreignPartitions);
  }

  /** The objects of a schema of which these tables move. */
  static SourceObjects of(Connection source, String schema, List<TenantTable> tables) {
    Set<String> foreign = new HashSet<>();
    tables.forEach(table -> foreign.addAll(table.foreignPartitions()));
    return new SourceObjects(
        source,
        schema,
        tables.stream()
            .filter(table -> !table.inSharedSchema())
            .map(table -> table.name().table())
            .toList(),
        foreign);
  }

  /** The names, in the schema, of the tables and sequences that stay behind. */
  Set<String> staying() throws SQLException {
    Set<String> staying = new HashSet<>(foreignPartitions);
    staying.addAll(
        Sql.texts(source, STAYING, Identifiers.quote(schema), Sql.array("name", moving)));
    return staying;
  }

  /** The oids of all fences' triggers, other tenants' included. */
  Set<Long> fenceTriggers() throws SQLException {
    return new HashSet<>(
        Sql.list(source, FENCE_TRIGGERS, row -> row.getLong(1), MigrationNames.FENCE_SCHEMA));
  }

  /** The extensions that the moving objects use, those of other schemas included. */
  List<Extension> extensions(Set<String> staying, SharedObjects along) throws SQLException {
    return OutsideDependencies.extensions(source, schema, List.copyOf(staying), along).stream()
        .map(
            extension -> new Extension(extension.name(), extension.schema(), extension.suspected()))
        .toList();
  }

  /**
   * Where the sequences stand, those of identity columns included. They belong to no transaction,
   * so each statement reads some of them in one of its own, which locks them.
   *
   * @param autocommit a connection to the source in autocommit mode
   */
  List<Sequence> sequences(Connection autocommit, Set<String> staying) throws SQLException {
    List<String> names = ofKind("S", false).stream().filter(s -> !staying.contains(s)).toList();
    List<Sequence> sequences = new ArrayList<>();
    for (int i = 0; i < names.size(); i += SEQUENCES_TOGETHER) {
      sequences.addAll(
          Sql.list(
              autocommit,
              names.subList(i, Math.min(names.size(), i + SEQUENCES_TOGETHER)).stream()
                  .map(this::sequence)
                  .collect(Collectors.joining(" UNION ALL ")),
              row ->
                  new Sequence(
                      row.getString(1), row.getLong(2), row.getBoolean(3), row.getString(4))));
    }
    return sequences;
  }

  private String sequence(String name) {
    String quoted = Identifiers.quote(new TableName(schema, name));
    return "SELECT %s::text, last_value, is_called, (%s) FROM %s"
        .formatted(
            SqlLiterals.quote(name), DEFINITION.formatted(SqlLiterals.quote(quoted)), quoted);
  }

  /** The materialized views that hold data, in the order in which they were created. */
  List<String> materializedViews() throws SQLException {
    return ofKind("m", true);
  }

  private List<String> ofKind(String kind, boolean onlyPopulated) throws SQLException {
    List<String> names = new ArrayList<>();
    Sql.forEach(
        source,
        OF_KIND,
        row -> {
          if (!onlyPopulated || row.getBoolean("relispopulated")) {
            names.add(row.getString("relname"));
          }
        },
        Identifiers.quote(schema),
        kind);
    return names;
  }
}

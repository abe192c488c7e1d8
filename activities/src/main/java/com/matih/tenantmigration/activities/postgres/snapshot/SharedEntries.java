package com.matih.tenantmigration.activities.postgres.snapshot;

import com.matih.tenantmigration.activities.postgres.catalog.SharedObjects;
import com.matih.tenantmigration.activities.postgres.catalog.SharedObjects.ObjectId;
import com.matih.tenantmigration.activities.postgres.ledger.SnapshotPoint.Sequence;
import com.matih.tenantmigration.activities.postgres.ledger.SnapshotPoint.SharedSchema;
import com.matih.tenantmigration.activities.postgres.sql.Identifiers;
import com.matih.tenantmigration.activities.postgres.sql.TableName;
import com.matih.tenantmigration.jdbc.Sql;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * What an archive takes from the schemas that tenants share, and what it leaves there: {@code
 * pg_dump} can leave out relations, and of the rest it takes all of a schema or nothing.
 */
final class SharedEntries {

  private static final String RELATIONS =
      """
      SELECT n.nspname, c.relname, c.oid, c.relkind
        FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
       WHERE n.nspname = ANY (?) AND c.relkind IN ('r', 'p', 'f', 'v', 'm', 'S')
       ORDER BY n.nspname, c.relname
      """;

  private static final String ALL =
      """
      WITH ns AS (SELECT oid FROM pg_namespace WHERE nspname = ANY (?)),
      relations AS (SELECT c.oid FROM pg_class c JOIN ns ON ns.oid = c.relnamespace)
      SELECT 'pg_namespace'::regclass::oid::bigint, oid::bigint FROM ns
       UNION ALL
      SELECT 'pg_class'::regclass::oid::bigint, oid::bigint FROM relations
       UNION ALL
      SELECT o.tableoid::bigint, o.oid::bigint FROM pg_type o JOIN ns ON ns.oid = o.typnamespace
       UNION ALL
      SELECT o.tableoid::bigint, o.oid::bigint FROM pg_proc o JOIN ns ON ns.oid = o.pronamespace
       UNION ALL
      SELECT o.tableoid::bigint, o.oid::bigint FROM pg_operator o JOIN ns ON ns.oid = o.oprnamespace
       UNION ALL
      SELECT o.tableoid::bigint, o.oid::bigint FROM pg_opclass o JOIN ns ON ns.oid = o.opcnamespace
       UNION ALL
      SELECT o.tableoid::bigint, o.oid::bigint FROM pg_opfamily o JOIN ns ON ns.oid = o.opfnamespace
       UNION ALL
      SELECT o.tableoid::bigint, o.oid::bigint FROM pg_collation o JOIN ns ON ns.oid = o.collnamespace
       UNION ALL
      SELECT o.tableoid::bigint, o.oid::bigint
        FROM pg_conversion o JOIN ns ON ns.oid = o.connamespace
       UNION ALL
      SELECT o.tableoid::bigint, o.oid::bigint FROM pg_ts_config o JOIN ns ON ns.oid = o.cfgnamespace
       UNION ALL
      SELECT o.tableoid::bigint, o.oid::bigint FROM pg_ts_dict o JOIN ns ON ns.oid = o.dictnamespace
       UNION ALL
      SELECT o.tableoid::bigint, o.oid::bigint FROM pg_ts_parser o JOIN ns ON ns.oid = o.prsnamespace
       UNION ALL
      SELECT o.tableoid::bigint, o.oid::bigint
        FROM pg_ts_template o JOIN ns ON ns.oid = o.tmplnamespace
       UNION ALL
      SELECT o.tableoid::bigint, o.oid::bigint
        FROM pg_statistic_ext o JOIN ns ON ns.oid = o.stxnamespace
       UNION ALL
      SELECT o.tableoid::bigint, o.oid::bigint
        FROM pg_constraint o JOIN ns ON ns.oid = o.connamespace
       UNION ALL
      SELECT o.tableoid::bigint, o.oid::bigint FROM pg_attrdef o JOIN relations r ON r.oid = o.adrelid
       UNION ALL
      SELECT o.tableoid::bigint, o.oid::bigint FROM pg_rewrite o JOIN relations r ON r.oid = o.ev_class
       UNION ALL
      SELECT o.tableoid::bigint, o.oid::bigint FROM pg_trigger o JOIN relations r ON r.oid = o.tgrelid
       UNION ALL
      SELECT o.tableoid::bigint, o.oid::bigint FROM pg_policy o JOIN relations r ON r.oid = o.polrelid
      """;

  private final Connection source;
  private final SharedObjects shared;
  private final long relationsCatalog;

  SharedEntries(Connection source, SharedObjects shared) throws SQLException {
    this.source = source;
    this.shared = shared;
    this.relationsCatalog = Sql.number(source, "SELECT 'pg_class'::regclass::oid::bigint");
  }

  private record Relation(TableName name, ObjectId id, String kind) {}

  private List<Relation> relations() throws SQLException {
    return Sql.list(
        source,
        RELATIONS,
        row ->
            new Relation(
                new TableName(row.getString(1), row.getString(2)),
                new ObjectId(relationsCatalog, row.getLong(3)),
                row.getString(4)),
        Sql.array("name", shared.schemas()));
  }

  /** Tables, views and sequences that the archive must leave out. */
  List<TableName> leftOut() throws SQLException {
    return relations().stream()
        .filter(relation -> !shared.objects().contains(relation.id()))
        .map(Relation::name)
        .toList();
  }

  /** All else that the archive has and that must not be restored. */
  Set<ObjectId> staying() throws SQLException {
    Set<ObjectId> staying =
        new HashSet<>(
            Sql.list(
                source,
                ALL,
                row -> new ObjectId(row.getLong(1), row.getLong(2)),
                Sql.array("name", shared.schemas())));
    staying.removeAll(shared.objects());
    return staying;
  }

  /** The schemas, with where their sequences stand. */
  List<SharedSchema> schemas() throws SQLException {
    List<SharedSchema> schemas = new ArrayList<>();
    List<Relation> relations = relations();
    for (String schema : new TreeSet<>(shared.schemas())) {
      List<Sequence> sequences = new ArrayList<>();
      for (Relation relation : relations) {
        if (relation.kind().equals("S")
            && relation.name().schema().equals(schema)
            && shared.objects().contains(relation.id())) {
          sequences.add(sequence(relation.name()));
        }
      }
      schemas.add(new SharedSchema(schema, sequences));
    }
    return schemas;
  }

  private Sequence sequence(TableName name) throws SQLException {
    return Sql.one(
        source,
        "SELECT last_value, is_called FROM " + Identifiers.quote(name),
        row -> new Sequence(name.table(), row.getLong(1), row.getBoolean(2), ""));
  }
}

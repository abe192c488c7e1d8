package com.matih.tenantmigration.activities.postgres.catalog;

import com.matih.tenantmigration.activities.postgres.catalog.OutsideDependencies.Dependency;
import com.matih.tenantmigration.activities.postgres.catalog.TenantTable.Scope;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Refuses tables by their form: what a copy of rows and a dump of the schema cannot carry. */
final class TableMovability {

  private static final String EXCLUDE =
      "Remove it from the schema, or list it in excludeTables if the tenant does not need it.";

  /** Values of these types are numbers of this one database and mean nothing in another. */
  private static final Set<String> BOUND_TO_DATABASE =
      Set.of(
          "oid",
          "lo",
          "regclass",
          "regproc",
          "regprocedure",
          "regoper",
          "regoperator",
          "regtype",
          "regrole",
          "regnamespace",
          "regconfig",
          "regdictionary",
          "regcollation");

  /** Values of these types are positions of this one cluster, which has counters of its own. */
  private static final Set<String> BOUND_TO_CLUSTER =
      Set.of("xid", "xid8", "cid", "tid", "pg_lsn", "pg_snapshot", "txid_snapshot");

  private TableMovability() {}

  /** Whether rows of such a table can be read and written as one; refuses it where they cannot. */
  static boolean isCopyable(SourceTable table, CatalogFindings findings) {
    return switch (table.kind()) {
      case ORDINARY, PARTITIONED -> true;
      case FOREIGN -> {
        findings.refuse(
            table.name(), "is a foreign table: its rows are on another server", EXCLUDE);
        yield false;
      }
      case INHERITING -> {
        findings.refuse(table.name(), "uses table inheritance, which is not supported", EXCLUDE);
        yield false;
      }
      case PARTITION_OF_ELSEWHERE -> {
        findings.refuse(table.name(), "is a partition of a table in another schema", EXCLUDE);
        yield false;
      }
    };
  }

  /** Refuses columns whose values mean nothing in another database; warns of odd tables. */
  static void examine(SourceTable table, CatalogFindings findings) {
    for (SourceTable.Column column : table.columns()) {
      if (BOUND_TO_DATABASE.contains(column.typeName())) {
        findings.refuse(
            table.name(),
            "has the column %s of type %s, which refers to large objects or other objects of this"
                    .formatted(column.name(), column.type())
                + " database by number",
            "Store the content or the name instead, or name the table in excludeTables.");
      }
      if (BOUND_TO_CLUSTER.contains(column.typeName())) {
        findings.warn(
            table.name(),
            ("has the column %s of type %s: its values are moved as they are and count transactions"
                    + " or positions of the shared server, which mean nothing on the dedicated"
                    + " one. What compares them with that server's own (pg_current_snapshot() and"
                    + " the like) does not see these rows, or sees them too early. Deliver them"
                    + " before the cutover, or rewrite them after it.")
                .formatted(column.name(), column.type()));
      }
    }
    if (table.copiedColumns().isEmpty()) {
      findings.refuse(
          table.name(),
          "has no column that can be copied",
          "Drop the table, or name it in excludeTables.");
    }
    if (table.unlogged()) {
      findings.warn(table.name(), "is unlogged, and stays unlogged on the target.");
    }
    if (table.primaryKey().isEmpty()) {
      findings.warn(
          table.name(),
          "has no primary key: PRIMARY_KEY_CHECKSUM uses all its columns as the key.");
    }
  }

  /** Refuses a tenant column of which only its extension knows which keys are the same tenant's. */
  static void examineTenantColumn(
      SourceTable table, String tenantColumn, CatalogFindings findings) {
    table
        .column(tenantColumn)
        .filter(column -> !column.builtIn())
        .ifPresent(
            column ->
                findings.refuse(
                    table.name(),
                    ("has the tenant column %s of type %s, whose equality is not"
                                + " PostgreSQL's own: which")
                            .formatted(column.name(), column.type())
                        + " rows are the tenant's could not be told alike everywhere",
                    "Give the column a built-in type such as text or uuid, or name the table in"
                        + " excludeTables."));
  }

  /** Refuses reference tables whose rows need rows of tenants, of which only one's will move. */
  static void examineReferences(
      SourceSchema schema, Map<String, Scope> scopes, CatalogFindings findings) {
    for (ForeignKey key : schema.foreignKeys()) {
      if (scopes.get(key.table().table()) == Scope.REFERENCE
          && key.referenced().schema().equals(schema.name())
          && scopes.containsKey(key.referenced().table())
          && scopes.get(key.referenced().table()) != Scope.REFERENCE) {
        findings.refuse(
            key.table(),
            "is a reference table, but its foreign key %s leads to %s, of which only one tenant's"
                    .formatted(key.name(), key.referenced())
                + " rows move",
            "Remove it from referenceTables.");
      }
    }
  }

  /** Refuses what uses objects that do not come along. */
  static void examineDependencies(
      Connection source, String schema, Collection<String> staying, CatalogFindings findings)
      throws SQLException {
    for (Dependency dependency : OutsideDependencies.find(source, schema, List.copyOf(staying))) {
      findings.refuse(
          dependency.object(),
          "(%s) uses %s %s, which is not migrated"
              .formatted(dependency.kind(), dependency.usedKind(), dependency.used()),
          "Move what it uses to schema %s, or remove the dependency.".formatted(schema));
    }
  }
}

package com.matih.tenantmigration.activities.postgres.ownership;

import com.matih.tenantmigration.activities.engine.PlanNotes;
import com.matih.tenantmigration.activities.postgres.catalog.SourceTable;
import com.matih.tenantmigration.activities.postgres.sql.Identifiers;
import com.matih.tenantmigration.activities.postgres.sql.TableName;
import java.util.Set;
import java.util.stream.Collectors;

/** Refuses tables by their form: what a copy of rows and a dump of the schema cannot carry. */
final class TableMovability {

  private static final String EXCLUDE =
      "Remove it from the schema, or list it in excludeTables if the tenant does not need it.";

  static final String STORE_NAMES =
      "Store the content or the name instead, or name the table in excludeTables.";

  /** Values of these types are numbers of this one database and mean nothing in another. */
  static final Set<String> BOUND_TO_DATABASE =
      Set.of(
          "oid",
          "lo",
          "aclitem",
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

  /** Refuses a table whose rows cannot be read and written as one. */
  static void examineForm(SourceTable table, PlanNotes findings) {
    switch (table.kind()) {
      case ORDINARY, PARTITIONED -> {}
      case FOREIGN ->
          findings.refuse(
              table.name(), "is a foreign table: its rows are on another server", EXCLUDE);
      case INHERITED_ELSEWHERE ->
          findings.refuse(
              table.name(),
              "is inherited by %s in another schema, which is not migrated"
                  .formatted(
                      table.children().stream()
                          .filter(child -> !child.schema().equals(table.name().schema()))
                          .map(TableName::toString)
                          .collect(Collectors.joining(", "))),
              "ALTER TABLE … SET SCHEMA %s or NO INHERIT %s, or name %s in excludeTables."
                  .formatted(
                      Identifiers.quote(table.name().schema()),
                      Identifiers.quote(table.name()),
                      table.name().table()));
      case PARTITION_OF_ELSEWHERE ->
          findings.refuse(table.name(), "is a partition of a table in another schema", EXCLUDE);
    }
  }

  /**
   * Refuses columns whose values mean nothing in another database; warns of odd tables.
   *
   * @param objectColumns those that are for large objects, which {@link LargeObjectJudge} judges;
   *     {@link ObjectsByName} judges some of the others
   */
  static void examine(SourceTable table, Set<String> objectColumns, PlanNotes findings) {
    for (SourceTable.Column column : table.columns()) {
      if (BOUND_TO_DATABASE.contains(column.typeName())
          && !objectColumns.contains(column.name())
          && !ObjectsByName.isOne(column)) {
        findings.refuse(
            table.name(),
            "has the column %s of type %s, which refers to objects of this"
                    .formatted(column.name(), column.type())
                + " database by number",
            STORE_NAMES);
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
  static void examineTenantColumn(SourceTable table, String tenantColumn, PlanNotes findings) {
    table
        .column(tenantColumn)
        .filter(column -> !column.builtIn())
        .ifPresent(
            column ->
                findings.refuse(
                    table.name(),
                    ("has the tenant column %s of type %s, whose equality is not PostgreSQL's own:"
                            + " not every step would agree on which rows are the tenant's")
                        .formatted(column.name(), column.type()),
                    "Give the column a built-in type such as text or uuid, or name the table in"
                        + " excludeTables."));
  }
}

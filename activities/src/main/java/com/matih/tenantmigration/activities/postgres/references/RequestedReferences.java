package com.matih.tenantmigration.activities.postgres.references;

import com.matih.tenantmigration.activities.postgres.sql.TableName;
import com.matih.tenantmigration.workflow.request.PostgresSpec;
import com.matih.tenantmigration.workflow.request.PostgresSpec.StorageReference;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** The columns with storage references that the request names. */
public final class RequestedReferences {

  private RequestedReferences() {}

  /**
   * Those of a table whose references can be rewritten; the plan refuses others.
   *
   * @param table a table under its source's name; none of another schema is named
   */
  public static List<ReferenceColumn> of(Connection side, PostgresSpec spec, TableName table)
      throws SQLException {
    if (!table.schema().equals(spec.sourceSchema())) {
      return List.of();
    }
    Set<String> requested =
        spec.storageReferences().stream()
            .filter(reference -> table(reference, spec).equals(table.table()))
            .map(StorageReference::column)
            .collect(Collectors.toSet());
    return requested.isEmpty()
        ? List.of()
        : ReferenceColumn.of(side, table).stream()
            .filter(column -> column.form().isPresent() && requested.contains(column.name()))
            .toList();
  }

  /** The same for all tables that the request names, by their names in the source's schema. */
  public static Map<TableName, List<ReferenceColumn>> of(Connection source, PostgresSpec spec)
      throws SQLException {
    Map<TableName, List<ReferenceColumn>> columns = new HashMap<>();
    for (String table : tables(spec)) {
      TableName name = new TableName(spec.sourceSchema(), table);
      columns.put(name, of(source, spec, name));
    }
    return columns;
  }

  /** The bare names of the tables that the request names, each once. */
  static List<String> tables(PostgresSpec spec) {
    return spec.storageReferences().stream()
        .map(reference -> table(reference, spec))
        .distinct()
        .toList();
  }

  /** The table's bare name: the request may write the source's schema before it. */
  public static String table(StorageReference reference, PostgresSpec spec) {
    String prefix = spec.sourceSchema() + ".";
    return reference.table().startsWith(prefix)
        ? reference.table().substring(prefix.length())
        : reference.table();
  }
}

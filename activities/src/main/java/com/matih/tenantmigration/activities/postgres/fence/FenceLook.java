package com.matih.tenantmigration.activities.postgres.fence;

import com.matih.tenantmigration.activities.postgres.client.DatabaseAccess;
import com.matih.tenantmigration.activities.postgres.client.PostgresConnections;
import com.matih.tenantmigration.activities.postgres.failure.PostgresFailures;
import com.matih.tenantmigration.activities.postgres.sql.MigrationNames;
import com.matih.tenantmigration.activities.postgres.sql.TableName;
import com.matih.tenantmigration.activities.postgres.sql.TableRows;
import com.matih.tenantmigration.workflow.MigrationContext;
import com.matih.tenantmigration.workflow.report.Units;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** Says what stands of a migration's fence in the shared database; changes nothing. */
public final class FenceLook {

  private static final int NAMED = 5;

  private final PostgresConnections connections;

  public FenceLook(PostgresConnections connections) {
    this.connections = connections;
  }

  /** A sentence for an operator. */
  public String tell(MigrationContext context) {
    DatabaseAccess source = DatabaseAccess.source(connections, context);
    String prefix = FenceSql.functionPrefix(context.migrationId());
    try (Connection connection = source.openShort("look for the fence")) {
      List<TableName> functions = FenceCatalog.functions(connection, prefix);
      Set<TableRows> tables = FenceCatalog.triggers(connection, prefix).keySet();
      int relations = FenceCatalog.relations(connection, prefix).size();
      if (functions.isEmpty() && tables.isEmpty() && relations == 0) {
        return "Nothing is left of the fence.";
      }
      String named =
          tables.stream()
              .limit(NAMED)
              .map(table -> table.table().toString())
              .collect(Collectors.joining(", "));
      return "Schema %s has %s and %s of the fence, and its triggers are on %s%s."
          .formatted(
              MigrationNames.FENCE_SCHEMA,
              Units.plural(functions.size(), "function"),
              Units.plural(relations, "table"),
              Units.plural(tables.size(), "table"),
              tables.isEmpty() ? "" : ": " + named + (tables.size() > NAMED ? " …" : ""));
    } catch (SQLException e) {
      throw PostgresFailures.translate("look for the fence in", source.address().toString(), e);
    }
  }
}

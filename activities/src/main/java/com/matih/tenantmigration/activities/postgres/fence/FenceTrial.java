package com.matih.tenantmigration.activities.postgres.fence;

import com.matih.tenantmigration.activities.postgres.catalog.TenantPredicate;
import com.matih.tenantmigration.activities.postgres.catalog.TenantTable;
import com.matih.tenantmigration.activities.postgres.fence.FenceSql.Event;
import com.matih.tenantmigration.activities.postgres.sql.Identifiers;
import com.matih.tenantmigration.activities.postgres.sql.MigrationNames;
import com.matih.tenantmigration.activities.postgres.sql.TableName;
import com.matih.tenantmigration.jdbc.Sql;
import com.matih.tenantmigration.workflow.MigrationContext;
import com.matih.tenantmigration.workflow.request.PostgresSpec;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;

/**
 * Raises a fence for one table and takes it back in one transaction that is rolled back, to learn
 * whether the shared database lets it: an event trigger may refuse the statements.
 */
public final class FenceTrial {

  private static final String LOCK_NOT_GRANTED = "55P03";

  private FenceTrial() {}

  /**
   * Tries.
   *
   * @param source in autocommit mode
   * @param tables of which one that nobody has locked is taken; it is locked for a moment
   * @return whether it was tried; not where all tables are in use
   * @throws SQLException what the server refuses
   */
  public static boolean passes(
      Connection source, MigrationContext context, List<TenantTable> tables) throws SQLException {
    FenceSql sql =
        new FenceSql(
            context.migrationId(),
            context.tenant(),
            context.spec(PostgresSpec.class).sourceSchema());
    for (TenantTable table : WriteFence.fenced(tables)) {
      source.setAutoCommit(false);
      try {
        // nobody queues behind a lock that is not waited for
        Sql.execute(
            source,
            "LOCK TABLE ONLY %s IN SHARE ROW EXCLUSIVE MODE NOWAIT"
                .formatted(Identifiers.quote(table.name())));
        raise(source, sql, table.name());
        return true;
      } catch (SQLException e) {
        if (!LOCK_NOT_GRANTED.equals(e.getSQLState())) {
          throw e;
        }
      } finally {
        source.rollback();
        source.setAutoCommit(true);
      }
    }
    return false;
  }

  private static void raise(Connection source, FenceSql sql, TableName table) throws SQLException {
    String schema = Identifiers.quote(MigrationNames.FENCE_SCHEMA);
    if (Sql.text(source, "SELECT to_regnamespace(?)::text", schema).isEmpty()) {
      Sql.execute(source, "CREATE SCHEMA " + schema);
    }
    TableName function = sql.refusingFunction();
    Sql.execute(source, sql.createRefusingFunction());
    Sql.execute(source, sql.createTrigger(Event.INSERT, table, function, TenantPredicate.all()));
    Sql.execute(source, sql.enableTriggers(table, Event.INSERT));
    Sql.execute(
        source,
        "DROP TRIGGER %s ON %s"
            .formatted(Identifiers.quote(sql.triggerName(Event.INSERT)), Identifiers.quote(table)));
    Sql.execute(source, "DROP FUNCTION %s()".formatted(Identifiers.quote(function)));
  }
}

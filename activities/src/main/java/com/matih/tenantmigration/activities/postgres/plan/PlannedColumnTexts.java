package com.matih.tenantmigration.activities.postgres.plan;

import com.matih.tenantmigration.activities.engine.AskedToStop;
import com.matih.tenantmigration.activities.engine.ColumnTexts;
import com.matih.tenantmigration.activities.postgres.requestsql.QueryColumn;
import com.matih.tenantmigration.activities.postgres.requestsql.QueryLimits;
import com.matih.tenantmigration.activities.postgres.requestsql.QueryRefusedException;
import com.matih.tenantmigration.activities.postgres.requestsql.QuerySessions;
import com.matih.tenantmigration.activities.postgres.requestsql.ReadOnlySession;
import com.matih.tenantmigration.workflow.MigrationContext;
import com.matih.tenantmigration.workflow.MigrationException;
import com.matih.tenantmigration.workflow.request.PostgresSpec;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.Map;

/** Has the shared database describe a query, whose columns' types say what their texts can be. */
public final class PlannedColumnTexts implements ColumnTexts {

  private final QuerySessions sessions;

  public PlannedColumnTexts(QuerySessions sessions) {
    this.sessions = sessions;
  }

  @Override
  public Map<String, String> of(MigrationContext context, String sql) {
    if (context.request().postgres() == null) {
      return Map.of();
    }
    PostgresSpec spec = context.spec(PostgresSpec.class);
    Map<String, String> texts = new HashMap<>();
    try (ReadOnlySession session =
        sessions.open(
            spec.source(),
            context.migrationId(),
            "plan columns",
            spec.sourceSchema(),
            QueryLimits.PLAN)) {
      for (QueryColumn column : session.plan(sql)) {
        texts.merge(column.label(), column.texts(), (one, other) -> one + "|" + other);
      }
      return texts;
    } catch (MigrationException e) {
      AskedToStop.rethrowUnlessFinding(e);
      return Map.of();
    } catch (QueryRefusedException | SQLException e) {
      // the database's own plan says so
      return Map.of();
    }
  }
}

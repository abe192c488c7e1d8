package com.matih.tenantmigration.activities.postgres.compare;

import com.matih.tenantmigration.activities.engine.DedicatedRows;
import com.matih.tenantmigration.activities.engine.ProgressMonitor;
import com.matih.tenantmigration.activities.postgres.failure.PostgresFailures;
import com.matih.tenantmigration.activities.postgres.requestsql.QueryLimits;
import com.matih.tenantmigration.activities.postgres.requestsql.QueryRefusedException;
import com.matih.tenantmigration.activities.postgres.requestsql.QueryRows;
import com.matih.tenantmigration.activities.postgres.requestsql.QuerySessions;
import com.matih.tenantmigration.activities.postgres.requestsql.ReadOnlySession;
import com.matih.tenantmigration.workflow.FailureType;
import com.matih.tenantmigration.workflow.MigrationContext;
import com.matih.tenantmigration.workflow.MigrationException;
import com.matih.tenantmigration.workflow.request.PostgresSpec;
import java.sql.SQLException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Reads the dedicated database by a request's query, in a session that cannot change anything. */
public final class PostgresDedicatedRows implements DedicatedRows {

  private static final String SIDE = "the dedicated database";

  /** The server ended a statement at its time limit, or as somebody asked. */
  private static final String QUERY_CANCELED = "57014";

  private final QuerySessions sessions;

  public PostgresDedicatedRows(QuerySessions sessions) {
    this.sessions = sessions;
  }

  @Override
  public Answer read(
      MigrationContext context,
      String sql,
      ProgressMonitor monitor,
      Consumer<Map<String, Value>> row) {
    PostgresSpec spec = context.spec(PostgresSpec.class);
    try (ReadOnlySession session =
        sessions.open(
            spec.target(),
            context.migrationId(),
            "read rows",
            spec.targetSchema(),
            QueryLimits.LOADER)) {
      boolean ofTheMoment = session.answersOfTheMoment(sql);
      List<String> columns;
      try (QueryRows answer = session.run(sql)) {
        columns = answer.columns();
        handOver(answer, monitor, row);
      }
      session.requireReadOnly();
      return new Answer(columns, ofTheMoment);
    } catch (QueryRefusedException e) {
      throw new MigrationException(
          FailureType.BAD_REQUEST,
          "A query of the request is refused on %s: it %s. %s The query: %s"
              .formatted(SIDE, e.reason(), e.remedy(), sql),
          e);
    } catch (SQLException e) {
      monitor.throwIfCancelled();
      if (PostgresFailures.isFaultOfTheQuery(e) || QUERY_CANCELED.equals(e.getSQLState())) {
        throw new MigrationException(
            FailureType.BAD_REQUEST,
            "A query of the request fails on %s: %s. Correct it: %s"
                .formatted(SIDE, PostgresFailures.reason(e), sql),
            e);
      }
      throw PostgresFailures.translate("run a query on", SIDE, e);
    }
  }

  private static void handOver(
      QueryRows answer, ProgressMonitor monitor, Consumer<Map<String, Value>> row)
      throws SQLException, QueryRefusedException {
    List<String> columns = answer.columns();
    while (answer.next()) {
      monitor.throwIfCancelled();
      Map<String, Value> values = new LinkedHashMap<>();
      List<@Nullable String> texts = answer.row();
      for (int i = 0; i < texts.size(); i++) {
        String text = texts.get(i);
        if (text != null) {
          byte[] bytes = answer.isBytes(i) ? answer.bytes(i) : null;
          values.put(columns.get(i), bytes == null ? Value.ofText(text) : Value.ofBytes(bytes));
        }
      }
      row.accept(values);
    }
  }
}

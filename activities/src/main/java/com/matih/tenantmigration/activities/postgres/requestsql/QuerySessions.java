package com.matih.tenantmigration.activities.postgres.requestsql;

import com.matih.tenantmigration.activities.postgres.client.PostgresConnections;
import com.matih.tenantmigration.activities.postgres.failure.PostgresFailures;
import com.matih.tenantmigration.workflow.FailureType;
import com.matih.tenantmigration.workflow.MigrationException;
import com.matih.tenantmigration.workflow.request.PostgresSpec;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Opens the sessions in which a request's queries are examined and run. */
public final class QuerySessions {

  private final PostgresConnections connections;
  private final @Nullable String role;

  /**
   * Sessions.
   *
   * @param role the role that the worker's configuration names for them; null for the request's
   *     user itself
   */
  public QuerySessions(PostgresConnections connections, @Nullable String role) {
    this.connections = connections;
    this.role = role;
  }

  /**
   * Opens a session.
   *
   * @param schema where unqualified names are looked for first, as the tenant's services do
   * @throws MigrationException where the database cannot be reached, or the user may not take the
   *     role
   */
  public ReadOnlySession open(
      PostgresSpec.Database database,
      String migrationId,
      String what,
      String schema,
      QueryLimits limits) {
    return open(database, migrationId, what, schema, limits, Optional.empty());
  }

  /**
   * The same for a session that sees what another one sees.
   *
   * @param snapshot as {@code pg_export_snapshot} named it
   */
  public ReadOnlySession open(
      PostgresSpec.Database database,
      String migrationId,
      String what,
      String schema,
      QueryLimits limits,
      Optional<String> snapshot) {
    Connection connection =
        connections.openReadOnly(
            database, migrationId, what, ReadOnlySession.STARTUP_OPTIONS, QueryRows.MAX_BUFFER);
    try {
      return ReadOnlySession.begin(connection, limits, schema, Optional.ofNullable(role), snapshot);
    } catch (SQLException e) {
      String address = connections.address(database).toString();
      if (role != null && PostgresFailures.type(e) != FailureType.STORE_UNREACHABLE) {
        throw new MigrationException(
            FailureType.PERMISSION_DENIED,
            ("The user %s cannot set the role %s for the request's queries on %s: %s."
                    + " Create the role, grant it to the user, or correct queryRole in the"
                    + " worker's configuration.")
                .formatted(database.user(), role, address, PostgresFailures.reason(e)),
            e);
      }
      throw PostgresFailures.translate("begin a session for queries on", address, e);
    }
  }
}

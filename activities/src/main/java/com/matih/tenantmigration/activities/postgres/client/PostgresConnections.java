package com.matih.tenantmigration.activities.postgres.client;

import com.matih.tenantmigration.activities.engine.WorkScope;
import com.matih.tenantmigration.activities.postgres.failure.PostgresFailures;
import com.matih.tenantmigration.activities.secrets.SecretResolver;
import com.matih.tenantmigration.workflow.request.PostgresSpec;
import com.matih.tenantmigration.workflow.request.allowed.JdbcParameters;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.postgresql.ds.PGSimpleDataSource;
import org.postgresql.jdbc.PreferQueryMode;

/**
 * Opens connections whose sessions are all set up alike and bear the migration's name.
 *
 * <p>Each session says {@code tenant-migration <migrationId> <what>} as its application name, by
 * which a rollback finds and ends the backends of its own migration. Values are shown in one form
 * on both sides (dates, time zone, floats, bytes), names are resolved in {@code pg_catalog} alone,
 * limits on time that the role brings along are lifted, and a policy that would hide rows is an
 * error rather than a shorter answer.
 *
 * <p>A connection belongs to the work of the thread that opens it ({@link
 * com.matih.tenantmigration.activities.engine.WorkScope}): a cancel breaks it, while it is made
 * too. A server that falls silent is told by keepalive; where all statements are short, {@link
 * #openShort} limits the wait for each answer besides.
 */
public final class PostgresConnections {

  /** How long to wait for a server to take a connection, in seconds. */
  static final int CONNECT_TIMEOUT_SECONDS = 8;

  /** A request to cancel a statement that gets no answer; the connection is broken then. */
  private static final int CANCEL_SIGNAL_SECONDS = 2;

  /**
   * One statement for all settings but the first: a SET each, or a look into pg_settings, takes the
   * server several times as long. Earlier versions lack the last three; where it can look, a server
   * then ends a statement whose client is gone.
   */
  private static final String SESSION =
      "SET search_path = pg_catalog;"
          + " SELECT set_config(name, value, false) FROM (VALUES"
          + " ('DateStyle', 'ISO, YMD'), ('IntervalStyle', 'postgres'), ('TimeZone', 'UTC'),"
          + " ('extra_float_digits', '3'), ('bytea_output', 'hex'),"
          + " ('standard_conforming_strings', 'on'), ('xmloption', 'content'),"
          + " ('statement_timeout', '0'), ('lock_timeout', '0'),"
          + " ('idle_in_transaction_session_timeout', '0'),"
          + " ('tcp_keepalives_idle', '60'), ('tcp_keepalives_interval', '10'),"
          + " ('row_security', 'off'),"
          + " ('idle_session_timeout', '0'), ('transaction_timeout', '0'),"
          + " ('client_connection_check_interval', '5s')) AS setting (name, value)"
          + " WHERE current_setting(name, true) IS NOT NULL"
          + " AND (name <> 'client_connection_check_interval' OR version() LIKE '%linux%')";

  private final SecretResolver secrets;

  public PostgresConnections(SecretResolver secrets) {
    this.secrets = secrets;
  }

  /**
   * Opens a connection to the database that the request names.
   *
   * @param what what it is for, one word or two, such as "copy 3"
   * @throws com.matih.tenantmigration.workflow.MigrationException of type STORE_UNREACHABLE,
   *     PERMISSION_DENIED, SECRET_MISSING, BAD_REQUEST or STORE_ERROR
   */
  public Connection open(PostgresSpec.Database database, String migrationId, String what) {
    return open(database, address(database).database(), migrationId, what);
  }

  /** Opens a connection to another database of the same server, such as {@code postgres}. */
  public Connection open(
      PostgresSpec.Database server, String databaseName, String migrationId, String what) {
    String applicationName = applicationName(migrationId, what);
    askWhenSilent(server, databaseName, applicationName);
    return connect(dataSource(server, databaseName, applicationName), address(server), server);
  }

  private static Connection connect(
      PGSimpleDataSource source, PostgresAddress address, PostgresSpec.Database server) {
    try {
      return prepared(source.getConnection());
    } catch (SQLException e) {
      throw PostgresFailures.translate(
          "connect to",
          "database %s on %s:%s as %s"
              .formatted(source.getDatabaseName(), address.hosts(), address.ports(), server.user()),
          e);
    }
  }

  /**
   * Opens a connection whose session is read-only from its first packet, and whose driver gives up
   * on answers that are too large.
   *
   * @param options the server's settings, as {@code -c name=value}
   * @param maxResultBuffer bytes of an answer that may be in memory
   */
  public Connection openReadOnly(
      PostgresSpec.Database database,
      String migrationId,
      String what,
      String options,
      String maxResultBuffer) {
    return openReadOnly(
        database, address(database).database(), migrationId, what, options, maxResultBuffer);
  }

  /** The same in another database of the server. */
  public Connection openReadOnly(
      PostgresSpec.Database server,
      String databaseName,
      String migrationId,
      String what,
      String options,
      String maxResultBuffer) {
    PostgresAddress address = address(server);
    PGSimpleDataSource source =
        dataSource(server, databaseName, applicationName(migrationId, what));
    source.setOptions(options);
    source.setMaxResultBuffer(maxResultBuffer);
    source.setPreferQueryMode(PreferQueryMode.EXTENDED);
    askWhenSilent(server, databaseName, applicationName(migrationId, what));
    return connect(source, address, server);
  }

  /** Programs connect under the same name as we do, and are asked about alike. */
  private void askWhenSilent(
      PostgresSpec.Database server, String databaseName, String applicationName) {
    WorkScope.current()
        .askWhenSilent(
            server.url(), applicationName, () -> isBusy(server, databaseName, applicationName));
  }

  private boolean isBusy(
      PostgresSpec.Database server, String databaseName, String applicationName) {
    try (Connection connection =
        dataSource(server, databaseName, "tenant-migration watchdog").getConnection()) {
      return ServerActivity.isBusy(connection, applicationName);
    } catch (SQLException e) {
      throw PostgresFailures.translate("ask whether it is busy", address(server).toString(), e);
    }
  }

  /** {@link #open(PostgresSpec.Database, String, String, String)} for short statements alone. */
  public Connection openShort(
      PostgresSpec.Database server, String databaseName, String migrationId, String what) {
    return shortOnly(open(server, databaseName, migrationId, what), server);
  }

  /** Opens a connection over which only short statements run, see {@link ShortStatements}. */
  public Connection openShort(PostgresSpec.Database database, String migrationId, String what) {
    return shortOnly(open(database, migrationId, what), database);
  }

  private Connection shortOnly(Connection connection, PostgresSpec.Database database) {
    try {
      ShortStatements.only(connection);
      return connection;
    } catch (SQLException e) {
      DatabaseAccess.closeQuietly(connection);
      throw PostgresFailures.translate("prepare a session in", address(database).toString(), e);
    }
  }

  /** Where the request's database lies. */
  public PostgresAddress address(PostgresSpec.Database database) {
    return PostgresAddress.parse(database.url());
  }

  /**
   * The environment with which libpq's programs connect to the same database as the same user: a
   * password in an argument could be read with {@code ps}, and in the environment cannot.
   *
   * @param settings of the session
   */
  Map<String, String> libpqEnvironment(
      PostgresSpec.Database database,
      String databaseName,
      String migrationId,
      String what,
      Map<String, String> settings) {
    PostgresAddress address = address(database);
    requireReach(database);
    askWhenSilent(database, databaseName, applicationName(migrationId, what));
    Map<String, String> environment = new TreeMap<>(address.tls());
    environment.put("PGHOST", address.hosts());
    environment.put("PGPORT", address.ports());
    environment.put("PGDATABASE", databaseName);
    environment.put("PGUSER", database.user());
    environment.put("PGAPPNAME", applicationName(migrationId, what));
    environment.put("PGCONNECT_TIMEOUT", String.valueOf(CONNECT_TIMEOUT_SECONDS));
    // in which arguments, lists and archives are written, whatever the database has
    environment.put("PGCLIENTENCODING", "UTF8");
    if (!settings.isEmpty()) {
      environment.put("PGOPTIONS", options(settings));
    }
    String password = secrets.resolveOptional(database.password());
    if (password != null) {
      environment.put("PGPASSWORD", password);
    }
    return environment;
  }

  /** In this variable a blank ends a setting, and a backslash takes its meaning away. */
  private static String options(Map<String, String> settings) {
    return new TreeMap<>(settings)
        .entrySet().stream()
            .map(setting -> "%s=%s".formatted(setting.getKey(), setting.getValue()))
            .map(setting -> "-c " + setting.replace("\\", "\\\\").replace(" ", "\\ "))
            .collect(Collectors.joining(" "));
  }

  private void requireReach(PostgresSpec.Database database) {
    secrets.hosts().requireAll(database.url());
    int query = database.url().indexOf('?');
    if (query >= 0) {
      JdbcParameters.files(database.url().substring(query + 1)).forEach(secrets::file);
    }
  }

  /** The application name of a migration's sessions starts with this. */
  public static String applicationNamePrefix(String migrationId) {
    return "tenant-migration " + migrationId;
  }

  private static String applicationName(String migrationId, String what) {
    return applicationNamePrefix(migrationId) + " " + what;
  }

  private PGSimpleDataSource dataSource(
      PostgresSpec.Database server, String databaseName, String applicationName) {
    requireReach(server);
    PGSimpleDataSource source = PostgresAddress.dataSource(server.url());
    source.setDatabaseName(databaseName);
    source.setUser(server.user());
    String password = secrets.resolveOptional(server.password());
    if (password != null) {
      source.setPassword(password);
    }
    source.setApplicationName(applicationName);
    source.setConnectTimeout(CONNECT_TIMEOUT_SECONDS);
    // of the login alone; a time limit of the driver's own would connect on another thread, which
    // does not know whose work it is
    source.setSocketTimeout(CONNECT_TIMEOUT_SECONDS);
    source.setLoginTimeout(0);
    source.setCancelSignalTimeout(CANCEL_SIGNAL_SECONDS);
    source.setTcpKeepAlive(true);
    source.setSocketFactory(ScopedSockets.class.getName());
    return source;
  }

  private static Connection prepared(Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(SESSION);
      connection.setNetworkTimeout(Runnable::run, 0);
      return connection;
    } catch (SQLException e) {
      try (connection) {
        throw e;
      }
    }
  }
}

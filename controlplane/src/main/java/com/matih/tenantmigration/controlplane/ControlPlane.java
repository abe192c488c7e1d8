package com.matih.tenantmigration.controlplane;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.matih.tenantmigration.controlplane.database.AddressedPool;
import com.matih.tenantmigration.controlplane.database.ControlPlaneFailures;
import com.matih.tenantmigration.controlplane.database.KeptAliveSockets;
import com.matih.tenantmigration.controlplane.database.Transactions;
import com.matih.tenantmigration.controlplane.database.UnhurriedDatabase;
import com.matih.tenantmigration.jdbc.Sql;
import com.matih.tenantmigration.workflow.MigrationException;
import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Map;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.FlywayException;
import org.jspecify.annotations.Nullable;

/** The database in which the platform remembers its tenants and their migrations. */
public final class ControlPlane implements AutoCloseable {

  private static final String SCHEMA = "tenant_control";
  private static final String SCRIPTS =
      "classpath:com/matih/tenantmigration/controlplane/migrations";
  private static final int CONNECTIONS = 8;
  private static final Duration PATIENCE = Duration.ofSeconds(5);

  /**
   * Longer than any statement of ours may take, lock waits of five seconds included, and short
   * enough for a cancel, which is promised to take effect within ten.
   */
  private static final Duration SILENCE = Duration.ofSeconds(8);

  /** How long a connection that lay idle may take to show that it lives. */
  private static final Duration VALIDATION = Duration.ofSeconds(1);

  private final HikariDataSource database;
  private final ObjectMapper json = ControlPlaneJson.mapper();
  private final AuditRows audit = new AuditRows(json);
  private final Transactions transactions;

  private ControlPlane(HikariDataSource database) {
    this.database = database;
    this.transactions = new Transactions(database);
  }

  /**
   * Opens a pool of at most eight connections; the first one is made when it is needed. A call to a
   * database that falls silent fails after eight seconds, and one that gets no connection after
   * five; connections that were silent are not used again.
   *
   * @param url a JDBC URL of PostgreSQL
   * @throws IllegalArgumentException where the URL is none
   */
  public static ControlPlane open(String url, String user, @Nullable String password) {
    if (!url.startsWith("jdbc:postgresql:")) {
      throw new IllegalArgumentException(
          "The control plane's address is not a JDBC URL of PostgreSQL, such as"
              + " jdbc:postgresql://host:5432/control.");
    }
    HikariConfig config = new HikariConfig();
    config.setPoolName("control-plane");
    config.setJdbcUrl(url);
    config.setUsername(user);
    config.setPassword(password);
    config.setMaximumPoolSize(CONNECTIONS);
    config.setMinimumIdle(0);
    config.setConnectionInitSql(Sql.COMMIT_SYNCHRONOUSLY);
    config.setConnectionTimeout(PATIENCE.toMillis());
    config.setValidationTimeout(VALIDATION.toMillis());
    config.setInitializationFailTimeout(-1);
    // text alone: the driver passes over a property of any other type
    Map.of(
            "connectTimeout", String.valueOf(PATIENCE.toSeconds()),
            "loginTimeout", String.valueOf(PATIENCE.toSeconds()),
            "socketTimeout", String.valueOf(SILENCE.toSeconds()),
            "ApplicationName", "tenant-migration",
            "tcpKeepAlive", "true",
            "socketFactory", KeptAliveSockets.class.getName())
        .forEach(config::addDataSourceProperty);
    // without its configuration at once it begins nothing before the first connection is asked for
    HikariDataSource database = new AddressedPool(url);
    config.copyStateTo(database);
    return new ControlPlane(database);
  }

  /**
   * Creates the schema {@code tenant_control}, or brings it to this version; several processes may
   * do so at the same time.
   *
   * @throws MigrationException where the database cannot be reached or refuses (retryable but for
   *     missing rights)
   */
  public void upgrade() {
    try {
      Flyway.configure()
          .dataSource(new UnhurriedDatabase(database))
          .schemas(SCHEMA)
          .defaultSchema(SCHEMA)
          .locations(SCRIPTS)
          .load()
          .migrate();
    } catch (FlywayException e) {
      throw ControlPlaneFailures.translate("upgrade schema tenant_control", causeOf(e));
    }
  }

  private static SQLException causeOf(FlywayException e) {
    for (Throwable cause = e; cause != null; cause = cause.getCause()) {
      if (cause instanceof SQLException sql) {
        return sql;
      }
    }
    return new SQLException("the upgrade failed", e);
  }

  /** Whether the database answers within five seconds. */
  public boolean isReachable() {
    try (Connection connection = database.getConnection()) {
      return connection.isValid((int) PATIENCE.toSeconds());
    } catch (SQLException e) {
      return false;
    }
  }

  public ServiceInstances serviceInstances() {
    return new ServiceInstances(transactions);
  }

  public TenantConfigs tenantConfigs() {
    return new TenantConfigs(transactions, audit, json);
  }

  public AuditTrail auditTrail() {
    return new AuditTrail(transactions, audit);
  }

  public Migrations migrations() {
    return new Migrations(transactions, audit, json);
  }

  public MigrationJournal journal() {
    return new MigrationJournal(database, json);
  }

  /** The pool, for what the control plane has no method for. */
  public DataSource database() {
    return database;
  }

  @Override
  public void close() {
    database.close();
  }
}

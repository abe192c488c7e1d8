package com.matih.tenantmigration.activities.postgres;

import com.matih.tenantmigration.workflow.FailureType;
import com.matih.tenantmigration.workflow.MigrationException;
import java.util.Map;
import java.util.TreeMap;
import org.postgresql.PGProperty;
import org.postgresql.ds.PGSimpleDataSource;

/**
 * A database's address as the driver understands its JDBC URL.
 *
 * @param hosts the hosts, comma separated where the URL names several
 * @param ports the ports, in the hosts' order
 * @param database the database's name, decoded
 * @param tls the {@code sslmode} and its files, by libpq's names of environment variables
 */
public record PostgresAddress(
    String hosts, String ports, String database, Map<String, String> tls) {

  private static final Map<PGProperty, String> TLS_VARIABLES =
      Map.of(
          PGProperty.SSL_MODE, "PGSSLMODE",
          PGProperty.SSL_ROOT_CERT, "PGSSLROOTCERT",
          PGProperty.SSL_CERT, "PGSSLCERT",
          PGProperty.CHANNEL_BINDING, "PGCHANNELBINDING");

  public PostgresAddress {
    tls = Map.copyOf(tls);
  }

  /**
   * Parses a JDBC URL.
   *
   * @param url as {@link PostgresConnections} resolved it; it is not repeated in the failure
   * @throws MigrationException of type BAD_REQUEST where the driver does not understand it
   */
  static PostgresAddress parse(String url) {
    PGSimpleDataSource source = dataSource(url);
    String database = source.getDatabaseName();
    if (database == null || database.isEmpty()) {
      throw invalid();
    }
    StringBuilder ports = new StringBuilder();
    for (int port : source.getPortNumbers()) {
      ports.append(ports.isEmpty() ? "" : ",").append(port == 0 ? 5432 : port);
    }
    return new PostgresAddress(
        String.join(",", source.getServerNames()), ports.toString(), database, tls(source));
  }

  /** A data source for the URL, to which user and password are yet to be given. */
  static PGSimpleDataSource dataSource(String url) {
    PGSimpleDataSource source = new PGSimpleDataSource();
    try {
      source.setUrl(url);
    } catch (IllegalArgumentException e) {
      // the driver's exception repeats the URL
      throw invalid();
    }
    return source;
  }

  private static Map<String, String> tls(PGSimpleDataSource source) {
    Map<String, String> variables = new TreeMap<>();
    TLS_VARIABLES.forEach(
        (property, variable) -> {
          String value = source.getProperty(property);
          if (value != null && !value.equals(property.getDefaultValue())) {
            variables.put(variable, value);
          }
        });
    return variables;
  }

  private static MigrationException invalid() {
    return new MigrationException(
        FailureType.BAD_REQUEST,
        "A PostgreSQL URL of the request is none that the driver understands. Write it as"
            + " jdbc:postgresql://host:5432/database.");
  }

  /** For people: {@code database on host:port}. */
  @Override
  public String toString() {
    return "%s on %s:%s".formatted(database, hosts, ports);
  }
}

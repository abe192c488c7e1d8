package com.matih.tenantmigration.activities.postgres.client;

import com.matih.tenantmigration.workflow.FailureType;
import com.matih.tenantmigration.workflow.MigrationException;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
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
          PGProperty.SSL_KEY, "PGSSLKEY",
          PGProperty.SSL_NEGOTIATION, "PGSSLNEGOTIATION",
          PGProperty.CHANNEL_BINDING, "PGCHANNELBINDING");

  /** What libpq has no variable for; without it the programs would connect, if less safely. */
  private static final List<PGProperty> UNKNOWN_TO_LIBPQ =
      List.of(
          PGProperty.SSL_PASSWORD,
          PGProperty.SSL_PASSWORD_CALLBACK,
          PGProperty.SSL_FACTORY,
          PGProperty.SSL_FACTORY_ARG,
          PGProperty.SSL_HOSTNAME_VERIFIER);

  public PostgresAddress {
    tls = Map.copyOf(tls);
  }

  /**
   * Parses a JDBC URL.
   *
   * @param url as {@link PostgresConnections} resolved it; it is not repeated in the failure
   * @throws MigrationException of type BAD_REQUEST where the driver does not understand it, or the
   *     client programs could not be told of its TLS properties
   */
  public static PostgresAddress parse(String url) {
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
    for (PGProperty property : UNKNOWN_TO_LIBPQ) {
      if (isSet(source, property)) {
        throw unknownToLibpq(property, "cannot be passed on to pg_dump and pg_restore");
      }
    }
    if (isSet(source, PGProperty.SSL_KEY) && isArchive(source.getProperty(PGProperty.SSL_KEY))) {
      throw unknownToLibpq(PGProperty.SSL_KEY, "is a PKCS-12 archive, which pg_dump cannot read");
    }
    Map<String, String> variables = new TreeMap<>();
    if (isTrueForTheDriver(source.getProperty(PGProperty.SSL))) {
      variables.put("PGSSLMODE", "verify-full");
    }
    TLS_VARIABLES.forEach(
        (property, variable) -> {
          if (isSet(source, property)) {
            variables.put(variable, source.getProperty(property));
          }
        });
    return variables;
  }

  private static boolean isSet(PGSimpleDataSource source, PGProperty property) {
    String value = source.getProperty(property);
    return value != null && !value.equals(property.getDefaultValue());
  }

  /** The driver takes {@code ssl} for {@code sslmode=verify-full} where the URL names no mode. */
  private static boolean isTrueForTheDriver(@Nullable String ssl) {
    return ssl != null && (ssl.isEmpty() || ssl.equalsIgnoreCase("true"));
  }

  private static boolean isArchive(@Nullable String key) {
    return key != null && (key.endsWith(".p12") || key.endsWith(".pfx"));
  }

  private static MigrationException unknownToLibpq(PGProperty property, String why) {
    return new MigrationException(
        FailureType.BAD_REQUEST,
        ("The property %s of a PostgreSQL URL of the request %s. Use sslmode,"
                    + " sslrootcert, sslcert and")
                .formatted(property.getName(), why)
            + " sslkey (a key without a password).");
  }

  private static MigrationException invalid() {
    return new MigrationException(
        FailureType.BAD_REQUEST,
        "Invalid JDBC URL of PostgreSQL in the request. Write it as"
            + " jdbc:postgresql://host:5432/database.");
  }

  /** For people: {@code database on host:port}. */
  @Override
  public String toString() {
    return "%s on %s:%s".formatted(database, hosts, ports);
  }
}

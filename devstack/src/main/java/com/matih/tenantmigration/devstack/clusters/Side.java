package com.matih.tenantmigration.devstack.clusters;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Where the stores of one side answer, the shared clusters' or the dedicated ones', and who we are
 * there.
 *
 * @param name {@code SHARED} or {@code DEDICATED}, which the names of its variables begin with
 * @param pgHost host and port of PostgreSQL, {@code host:port}
 */
public record Side(
    String name,
    String pgHost,
    String pgUser,
    String pgPassword,
    String s3Endpoint,
    String s3AccessKey,
    String s3SecretKey,
    String kafkaBootstrap,
    String elasticsearchUrl,
    String redisUri) {

  /** The JDBC URL of a database, without credentials. */
  public String jdbcUrl(String database) {
    return "jdbc:postgresql://" + pgHost + "/" + database;
  }

  /** The libpq URI of a database, with credentials. */
  public String pgUri(String database) {
    return "postgresql://%s:%s@%s/%s".formatted(pgUser, pgPassword, pgHost, database);
  }

  /**
   * The variables that describe this side in {@code devstack.env}, in the order of the file.
   *
   * @param database which database the variables {@code …PG_URI} and {@code …PG_JDBC} name
   */
  public Map<String, String> environment(String database) {
    Map<String, String> variables = new LinkedHashMap<>();
    variables.put(name + "_PG_URI", pgUri(database));
    variables.put(name + "_PG_JDBC", jdbcUrl(database));
    variables.put(name + "_PG_USER", pgUser);
    variables.put(name + "_PG_PASSWORD", pgPassword);
    variables.put(name + "_S3_ENDPOINT", s3Endpoint);
    variables.put(name + "_S3_ACCESS_KEY", s3AccessKey);
    variables.put(name + "_S3_SECRET_KEY", s3SecretKey);
    variables.put(name + "_KAFKA_BOOTSTRAP", kafkaBootstrap);
    variables.put(name + "_ES_URL", elasticsearchUrl);
    variables.put(name + "_REDIS_URI", redisUri);
    return variables;
  }

  /** Without the secrets, which a record's own form would show. */
  @Override
  public String toString() {
    return "Side[" + name + "]";
  }
}

package com.matih.tenantmigration.worker;

import static org.assertj.core.api.Assertions.assertThat;

import com.matih.tenantmigration.embedded.PostgresServer;
import com.matih.tenantmigration.embedded.testing.TestServers;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;

/**
 * A tenant that has a little in each shared store, and nothing on the dedicated side.
 *
 * @param names what {@code @name@} in a request stands for
 */
public record SeededTenant(String name, Map<String, String> names) {

  private static final int ROWS = 3;

  /**
   * Creates one.
   *
   * @param folder for snapshots
   * @param secrets the folder that requests may refer to
   */
  public static SeededTenant create(Path folder, Path secrets) throws Exception {
    String name = "h-" + UUID.randomUUID().toString().substring(0, 8);
    PostgresServer shared = TestServers.postgres();
    String database = name.replace('-', '_');
    execute(shared, "postgres", "CREATE DATABASE " + database);
    execute(
        shared,
        database,
        "CREATE SCHEMA app;"
            + " CREATE TABLE app.notes (tenant_id text, id int PRIMARY KEY, body text);"
            + " CREATE SEQUENCE app.numbers; INSERT INTO app.notes SELECT '%s', n, 'note ' || n FROM generate_series(1, %d) n;"
                .formatted(name, ROWS)
            + " INSERT INTO app.notes VALUES ('another', 100, 'theirs')");
    String s3 = TestServers.s3().endpoint() + "/" + name + "-shared";
    http("PUT", s3, "");
    http("PUT", s3 + "/t/note.txt", "a note");
    String index = TestServers.elasticsearch().url() + "/" + name + "-shared";
    http("PUT", index, "{\"mappings\":{\"properties\":{\"tenant_id\":{\"type\":\"keyword\"}}}}");
    http("PUT", index + "/_doc/1?refresh=true", "{\"tenant_id\":\"%s\"}".formatted(name));
    new OneTopic(name, folder).produce();
    return new SeededTenant(name, names(name, database, folder, secrets));
  }

  private static Map<String, String> names(
      String name, String database, Path folder, Path secrets) {
    Map<String, String> names = new HashMap<>();
    names.put("tenant", name);
    names.put("folder", folder.toString());
    names.put("secrets", secrets.toString());
    names.put("sharedJdbc", TestServers.postgres().jdbcUrl(database));
    names.put("database", database);
    names.put("dedicatedJdbc", TestServers.dedicatedPostgres().jdbcUrl(database + "_own"));
    names.put("sharedUser", TestServers.postgres().user());
    names.put("dedicatedUser", TestServers.dedicatedPostgres().user());
    names.put("sharedS3", TestServers.s3().endpoint());
    names.put("dedicatedS3", TestServers.dedicatedS3().endpoint());
    names.put("sharedKafka", TestServers.kafka().bootstrapServers());
    names.put("dedicatedKafka", TestServers.dedicatedKafka().bootstrapServers());
    names.put("sharedElasticsearch", TestServers.elasticsearch().url());
    names.put("dedicatedElasticsearch", TestServers.dedicatedElasticsearch().url());
    names.put("sharedRedis", TestServers.redis().uri());
    names.put("dedicatedRedis", TestServers.dedicatedRedis().uri());
    return Map.copyOf(names);
  }

  /** The shared rows are what they were, and nothing was created for the tenant. */
  void assertUntouched() throws Exception {
    try (Connection connection = connect(TestServers.postgres(), name.replace('-', '_'));
        Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery("SELECT count(*) FROM app.notes")) {
      rows.next();
      assertThat(rows.getInt(1)).isEqualTo(ROWS + 1);
    }
    try (Connection connection = connect(TestServers.dedicatedPostgres(), "postgres");
        Statement statement = connection.createStatement();
        ResultSet databases =
            statement.executeQuery(
                "SELECT 1 FROM pg_database WHERE datname = '%s_own'"
                    .formatted(name.replace('-', '_')))) {
      assertThat(databases.next()).isFalse();
    }
    assertThat(http("HEAD", TestServers.dedicatedS3().endpoint() + "/" + name + "-own", ""))
        .isEqualTo(404);
    assertThat(http("HEAD", TestServers.dedicatedElasticsearch().url() + "/" + name + "-own", ""))
        .isEqualTo(404);
  }

  public static void execute(PostgresServer server, String database, String sql)
      throws SQLException {
    try (Connection connection = connect(server, database);
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  private static Connection connect(PostgresServer server, String database) throws SQLException {
    return DriverManager.getConnection(server.jdbcUrl(database), server.user(), server.password());
  }

  /** The status that a server of HTTP answers with. */
  public static int http(String method, String url, String body)
      throws IOException, InterruptedException {
    return HttpClient.newHttpClient()
        .send(
            HttpRequest.newBuilder(URI.create(url))
                .header("Content-Type", "application/json")
                .method(method, BodyPublishers.ofString(body))
                .build(),
            BodyHandlers.discarding())
        .statusCode();
  }
}

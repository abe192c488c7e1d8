package com.matih.tenantmigration.worker.secrets;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.matih.tenantmigration.embedded.KafkaServer;
import com.matih.tenantmigration.embedded.PostgresServer;
import com.matih.tenantmigration.embedded.RedisServer;
import com.matih.tenantmigration.embedded.testing.KafkaAcls;
import com.matih.tenantmigration.embedded.testing.TestServers;
import com.matih.tenantmigration.worker.SeededTenant;
import com.sun.net.httpserver.HttpServer;
import io.lettuce.core.RedisClient;
import io.lettuce.core.codec.StringCodec;
import io.lettuce.core.output.StatusOutput;
import io.lettuce.core.protocol.CommandArgs;
import io.lettuce.core.protocol.CommandType;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.sql.SQLException;
import java.util.Base64;
import java.util.Map;
import java.util.stream.Collectors;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.resource.ResourceType;

/**
 * Users with planted passwords in the stores that know users, and requests with a secret in each
 * field that can hold one.
 */
final class GuardedStores implements AutoCloseable {

  /** The user, in every store. */
  static final String USER = "keeps_secrets";

  private static final String PLAIN_LOGIN =
      "org.apache.kafka.common.security.plain.PlainLoginModule";

  private final PlantedSecrets secrets;
  private final HttpServer health;
  private volatile int answer = 200;

  /** Of the dedicated Redis, one a tenant: no other test uses those from here on. */
  private int databases = 500;

  GuardedStores(PlantedSecrets secrets) throws IOException, SQLException {
    this.secrets = secrets;
    createRole(TestServers.postgres(), USER, PlantedSecrets.odd("pg-shared"));
    createRole(TestServers.postgres(), USER + "_control", PlantedSecrets.odd("control"));
    createRole(TestServers.dedicatedPostgres(), USER, PlantedSecrets.odd("pg-own"));
    createUser(TestServers.redis(), PlantedSecrets.odd("redis-shared"));
    createUser(TestServers.dedicatedRedis(), PlantedSecrets.odd("redis-own"));
    try (KafkaAcls acls = new KafkaAcls(TestServers.guardedKafka(), USER)) {
      var unused = acls.withPassword(PlantedSecrets.odd("kafka-own"));
      for (ResourceType type :
          new ResourceType[] {
            ResourceType.TOPIC, ResourceType.GROUP, ResourceType.TRANSACTIONAL_ID
          }) {
        acls.allow(type, "*", AclOperation.ALL);
      }
      acls.allow(ResourceType.CLUSTER, "kafka-cluster", AclOperation.ALL);
    }
    health = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    health.createContext(
        "/",
        exchange -> {
          // what it was told in confidence, as it came and as it is meant
          String login = exchange.getRequestHeaders().getFirst("Authorization");
          byte[] said =
              (login + " " + new String(Base64.getDecoder().decode(login.substring(6)), UTF_8))
                  .getBytes(UTF_8);
          exchange.sendResponseHeaders(answer, said.length);
          exchange.getResponseBody().write(said);
          exchange.close();
        });
    health.start();
  }

  private static void createRole(PostgresServer server, String name, String password)
      throws SQLException {
    SeededTenant.execute(
        server,
        "postgres",
        "CREATE ROLE %s SUPERUSER LOGIN PASSWORD '%s'"
            .formatted(name, password.replace("'", "''")));
  }

  private static void createUser(RedisServer server, String password) {
    CommandArgs<String, String> acl =
        new CommandArgs<>(StringCodec.UTF8)
            .add("SETUSER")
            .addValue(USER)
            .add("on")
            .addValue(">" + password)
            .add("~*")
            .add("+@all");
    try (RedisClient client = RedisClient.create(server.uri());
        var connection = client.connect()) {
      connection.sync().dispatch(CommandType.ACL, new StatusOutput<>(StringCodec.UTF8), acl);
    }
  }

  /** What the tenant's services answer from now on. */
  void answer(int status) {
    answer = status;
  }

  /** A request with right passwords. */
  String request(SeededTenant tenant, String settings) throws IOException {
    return request(
        tenant,
        settings,
        secrets.variable("PG_SHARED", PlantedSecrets.odd("pg-shared")),
        secrets.file("redis-own", PlantedSecrets.odd("redis-own")),
        secrets.file("kafka-own", PlantedSecrets.odd("kafka-own")));
  }

  /** A request whose passwords no store takes. */
  String requestWithWrongPasswords(SeededTenant tenant) throws IOException {
    String wrong = secrets.variable("WRONG", PlantedSecrets.odd("wrong"));
    return request(
        tenant,
        "",
        wrong,
        secrets.file("wrong-redis", PlantedSecrets.odd("wrong-redis")),
        secrets.file("wrong-kafka", PlantedSecrets.odd("wrong-kafka")));
  }

  private String request(
      SeededTenant tenant, String settings, String postgres, String redis, String kafka)
      throws IOException {
    String text =
        """
        tenant: "@tenant@"
        tier: {from: STARTER, to: ENTERPRISE}
        settle: 0s
        snapshot: {location: "file:@folder@"}
        postgres:
          source: {url: "@sharedJdbc@", user: @user@, password: "@pgShared@"}
          target: {url: "@dedicatedJdbc@", user: @user@, password: "@pgOwn@"}
          sourceSchema: app
          tenantColumn: tenant_id
        objectStorage:
          source: {endpoint: "@sharedS3@", bucket: "@tenant@-shared", prefix: "t/"}
          target: {endpoint: "@dedicatedS3@", bucket: "@tenant@-own", accessKey: "@s3Key@", secretKey: "@s3Secret@"}
        kafka:
          source:
            bootstrapServers: "@sharedKafka@"
            properties:
              sasl.jaas.config: '@plainLogin@ required username="@user@" password="@kafkaShared@";'
              ssl.truststore.password: "@trustStore@"
              ssl.keystore.password: "@keyStore@"
              ssl.keystore.key: "@privateKey@"
              ssl.key.password: "@keyPassword@"
          target: {bootstrapServers: "@guardedKafka@", properties: {@kafkaLogin@}}
          topics: [{from: "@tenant@-shared", to: "@tenant@-own", tenant: {header: tenant-id}}]
        elasticsearch:
          source: {url: "@sharedElasticsearch@", apiKey: "@apiKey@"}
          target: {url: "@ownElasticsearch@"}
          indices: [{from: "@tenant@-shared", to: "@tenant@-own", tenantField: tenant_id}]
        redis:
          source: {uri: "@redisShared@", keyPrefix: "@tenant@:"}
          target: {uri: "@redisOwn@"}
          warm: [{key: "note:{id}", sql: "SELECT id, body FROM notes ORDER BY id LIMIT 10", value: body, ttl: 1h}]
        verification:
          api: ["http://probe:@api@@127.0.0.1:%d/health"]
          queries: ["SELECT count(*) FROM {schema}.notes WHERE {tenant}"]
        """
                .formatted(health.getAddress().getPort())
            + settings;
    text =
        text.replace("@pgShared@", postgres)
            .replace(
                "@redisOwn@", login(TestServers.dedicatedRedis().uri(), redis) + "/" + databases++)
            .replace("@kafkaLogin@", kafkaLogin(kafka));
    for (var each : planted().entrySet()) {
      text = text.replace("@" + each.getKey() + "@", each.getValue());
    }
    for (var each : tenant.names().entrySet()) {
      text = text.replace("@" + each.getKey() + "@", each.getValue());
    }
    return text;
  }

  private Map<String, String> planted() throws IOException {
    String key = "-----BEGIN PRIVATE KEY-----\n%s\n%s\n-----END PRIVATE KEY-----";
    return Map.ofEntries(
        Map.entry("user", USER),
        Map.entry("pgOwn", secrets.file("pg-own", PlantedSecrets.odd("pg-own"))),
        Map.entry("s3Key", secrets.variable("S3_KEY", PlantedSecrets.plain("s3-key"))),
        Map.entry("s3Secret", secrets.file("s3-secret", PlantedSecrets.odd("s3-secret"))),
        Map.entry("plainLogin", PLAIN_LOGIN),
        Map.entry(
            "kafkaShared", secrets.variable("KAFKA_SHARED", PlantedSecrets.odd("kafka-shared"))),
        Map.entry("trustStore", secrets.variable("TRUST_STORE", PlantedSecrets.odd("trust-store"))),
        Map.entry("keyStore", secrets.file("key-store", PlantedSecrets.odd("key-store"))),
        Map.entry(
            "privateKey",
            secrets.file(
                "private-key.pem",
                key.formatted(PlantedSecrets.plain("line-1"), PlantedSecrets.plain("line-2")))),
        Map.entry("keyPassword", secrets.file("key-password", PlantedSecrets.odd("key-password"))),
        Map.entry("guardedKafka", TestServers.guardedKafka().guardedBootstrapServers()),
        Map.entry("apiKey", secrets.file("api-key", PlantedSecrets.plain("api-key"))),
        Map.entry(
            "ownElasticsearch",
            login(
                TestServers.dedicatedElasticsearch().url(),
                secrets.variable("ELASTIC", PlantedSecrets.odd("elastic")))),
        Map.entry(
            "redisShared",
            login(
                TestServers.redis().uri(),
                secrets.variable("REDIS_SHARED", PlantedSecrets.odd("redis-shared")))),
        Map.entry("api", secrets.variable("API", PlantedSecrets.odd("api"))));
  }

  private static String login(String address, String password) {
    return address.replace("://", "://" + USER + ":" + password + "@");
  }

  private static String kafkaLogin(String password) {
    return KafkaServer.login(USER, password, TestServers.certificates().ca()).entrySet().stream()
        .map(each -> "%s: '%s'".formatted(each.getKey(), each.getValue()))
        .collect(Collectors.joining(", "));
  }

  @Override
  public void close() {
    health.stop(0);
  }
}

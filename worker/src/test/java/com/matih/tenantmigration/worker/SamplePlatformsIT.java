package com.matih.tenantmigration.worker;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.matih.tenantmigration.embedded.PostgresServer;
import com.matih.tenantmigration.embedded.testing.TestServers;
import com.matih.tenantmigration.worker.TestPlatform.Answer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Four platforms that are built like real products: one tenant of each is planned, moved with the
 * lines that the plan proposes, and compared by rules that are written down here once more.
 */
class SamplePlatformsIT {

  private static final Path RESOURCES =
      Path.of("../devstack/src/main/resources/com/matih/tenantmigration/devstack/platforms");
  private static final String ACME = "'5f0c9b1e-7a2d-4c35-9d0e-1a2b3c4d5e6f'";

  private static TestPlatform platform;

  private final String run = UUID.randomUUID().toString().substring(0, 8);
  @TempDir private Path folder;
  private String mode = "";

  @BeforeAll
  static void start() throws SQLException {
    platform = new TestPlatform();
  }

  @AfterAll
  static void stop() {
    platform.close();
  }

  @ParameterizedTest
  @ValueSource(strings = {"offline", "online"})
  void anOrganizationOfACrm(String asked) throws Exception {
    mode = asked;
    Map<String, String> rows = new LinkedHashMap<>();
    rows.put("countries", "true");
    rows.put("organizations", "id = " + ACME);
    rows.put("memberships", "organization_id = " + ACME);
    rows.put(
        "users",
        "id IN (SELECT user_id FROM crm.memberships WHERE organization_id = %s)".formatted(ACME));
    rows.put("contacts", "organization_id = " + ACME);
    rows.put("deals", "\"tenantId\" = " + ACME);
    rows.put("tags", "organization_id = " + ACME);
    rows.put(
        "contact_tags",
        "contact_id IN (SELECT id FROM crm.contacts WHERE organization_id = %s)".formatted(ACME));
    rows.put(
        "attachments",
        ("(record_type = 'Contact' AND record_id IN (SELECT id FROM crm.contacts WHERE"
                + " organization_id = %1$s)) OR (record_type = 'Deal' AND record_id IN (SELECT id"
                + " FROM crm.deals WHERE \"tenantId\" = %1$s))")
            .formatted(ACME));
    rows.put("comments", "organization_id = " + ACME);
    rows.put("events", "organization_id = " + ACME);

    migrate("crm", "crm", "public", rows);

    assertNothingOf("crm", List.of("9e8d7c6b", "0a1b2c3d", "Globex", "Initech"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"offline", "online"})
  void anAccountOfAHelpDesk(String asked) throws Exception {
    mode = asked;
    Map<String, String> rows = new LinkedHashMap<>();
    rows.put("accounts", "id = 41");
    rows.put("agent_accounts", "account_id = 41");
    rows.put("agents", "id IN (SELECT agent_id FROM desk.agent_accounts WHERE account_id = 41)");
    rows.put("priorities", "true");
    rows.put("tickets", "account_id = 41");
    rows.put("messages", "account_id = 41");
    rows.put("message_files", "message_id IN (SELECT id FROM desk.messages WHERE account_id = 41)");
    rows.put("macros", "account_id = 41");
    rows.put("macro_steps", "macro_id IN (SELECT id FROM desk.macros WHERE account_id = 41)");
    rows.put("webhooks", "\"accountId\" = 41");
    rows.put(
        "audits",
        "(auditable_type = 'Message' AND auditable_id IN (SELECT id FROM desk.messages WHERE"
            + " account_id = 41)) OR (auditable_type = 'Macro' AND auditable_id IN (SELECT id FROM"
            + " desk.macros WHERE account_id = 41))");
    rows.put("satisfaction", "ticket_account = 41");

    migrate("helpdesk", "desk", "public", rows);

    assertNothingOf("helpdesk", List.of("globex", "initech"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"offline", "online"})
  void aShopOfAShopSystem(String asked) throws Exception {
    mode = asked;
    Map<String, String> rows = new LinkedHashMap<>();
    rows.put("currencies", "true");
    rows.put("shops", "id = 'acme-shop'");
    for (String table :
        List.of(
            "customers",
            "price_lists",
            "products",
            "collections",
            "orders",
            "reservations",
            "visits")) {
      rows.put(table, "shop_id = 'acme-shop'");
    }
    String products = "(SELECT id FROM shop.products WHERE shop_id = 'acme-shop')";
    String orders = "(SELECT id FROM shop.orders WHERE shop_id = 'acme-shop')";
    rows.put("variants", "product_id IN " + products);
    rows.put("collection_products", "product_id IN " + products);
    rows.put("order_lines", "order_id IN " + orders);
    rows.put(
        "payments",
        "order_id IN %1$s OR refund_of IN (SELECT id FROM shop.payments WHERE order_id IN %1$s)"
            .formatted(orders));
    rows.put(
        "translations",
        ("(translatable_type = 'Product' AND translatable_id IN %s) OR (translatable_type ="
                + " 'Collection' AND translatable_id IN (SELECT id FROM shop.collections WHERE"
                + " shop_id = 'acme-shop'))")
            .formatted(products));

    migrate("shop", "shop", "public", rows);

    assertNothingOf("shop", List.of("globex", "initech"));
    assertThat(
            dedicated(
                "shop",
                "SELECT conname FROM pg_constraint WHERE conname = 'known' AND convalidated"))
        .containsExactly("known");
  }

  @ParameterizedTest
  @ValueSource(strings = {"offline", "online"})
  void aSchoolWithASchemaOfItsOwn(String asked) throws Exception {
    mode = asked;
    Map<String, String> rows = new LinkedHashMap<>();
    List.of("classes", "pupils", "marks").forEach(table -> rows.put(table, "true"));

    migrate("school", "hillside", "hillside", rows);

    for (String table : List.of("countries", "scales", "scale_steps")) {
      assertThat(dedicated("school", digest("public." + table, "true")))
          .isEqualTo(shared("school", digest("public." + table, "true")));
    }
    assertThat(
            dedicated(
                "school",
                "SELECT relname FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace ORDER BY 1"))
        .containsExactly("countries", "scale_steps", "scales");
    assertNothingOf("school", List.of("lakeside"));
  }

  /** Plans, takes the proposals over, moves, and compares each table. */
  private void migrate(
      String name, String schema, String targetSchema, Map<String, String> expected)
      throws IOException, SQLException {
    execute(TestServers.postgres(), "postgres", "CREATE DATABASE " + database(name));
    execute(
        TestServers.postgres(), database(name), Files.readString(RESOURCES.resolve(name + ".sql")));
    Path request = request(name);
    JsonNode plan = plan(request);
    List<String> proposals = new ArrayList<>();
    plan.path("proposals").forEach(line -> proposals.add(line.asText()));
    if (!proposals.isEmpty()) {
      Files.writeString(
          request,
          Files.readString(request)
              + (Files.readString(request).contains("  tables:\n") ? "" : "  tables:\n")
              + proposals.stream().map(line -> "    " + line + "\n").reduce("", String::concat));
    }
    assertThat(plan(request).path("refusals")).isEmpty();

    Answer moved = platform.run("start", "-f", request.toString(), "--wait");

    assertThat(moved.code()).as("%s %s", moved.out(), moved.errors()).isZero();
    assertThat(
            dedicated(
                name,
                ("SELECT c.relname FROM pg_class c WHERE c.relkind IN ('r', 'p') AND NOT"
                        + " c.relispartition AND c.relnamespace = '%s'::regnamespace")
                    .formatted(targetSchema)))
        .containsExactlyInAnyOrderElementsOf(expected.keySet());
    for (Map.Entry<String, String> table : expected.entrySet()) {
      assertThat(dedicated(name, digest(targetSchema + "." + table.getKey(), "true")))
          .as(table.getKey())
          .isEqualTo(shared(name, digest(schema + "." + table.getKey(), table.getValue())));
    }
  }

  private JsonNode plan(Path request) throws IOException {
    Answer answer = platform.run("plan", "-f", request.toString(), "--output", "json");
    assertThat(answer.out()).as(answer.errors()).startsWith("{");
    return new ObjectMapper().readTree(answer.out());
  }

  private Path request(String name) throws IOException {
    String tenant = name + "-" + run;
    platform.addTenant(tenant);
    return Files.writeString(
        folder.resolve(name + ".yaml"),
        ("mode: %s\n".formatted(mode) + Files.readString(RESOURCES.resolve(name + ".yaml")))
            .replaceFirst("tenant: .*", "tenant: " + tenant)
            .replace("@snapshots@", "file:" + folder)
            .replace("@sharedJdbc@", TestServers.postgres().jdbcUrl(database(name)))
            .replace("@sharedUser@", TestServers.postgres().user())
            .replace("${env:SHARED_PG_PASSWORD}", "${env:SHARED_SUPERUSER_PASSWORD}")
            .replace("@dedicatedJdbc@", TestServers.dedicatedPostgres().jdbcUrl(database(name)))
            .replace("@dedicatedUser@", TestServers.dedicatedPostgres().user())
            .replace("${env:DEDICATED_PG_PASSWORD}", "${env:DEDICATED_SUPERUSER_PASSWORD}"));
  }

  /** No row of the dedicated side has such a word in it. */
  private void assertNothingOf(String name, List<String> words) throws SQLException {
    for (String table :
        dedicated(
            name,
            "SELECT c.oid::regclass FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace"
                + " WHERE c.relkind IN ('r', 'm') AND n.nspname !~ '^(pg_|information_schema)'")) {
      for (String word : words) {
        assertThat(
                dedicated(
                    name,
                    "SELECT count(*) FROM %s t WHERE t::text ILIKE '%%%s%%'"
                        .formatted(table, word)))
            .as("%s in %s", word, table)
            .containsExactly("0");
      }
    }
    assertThat(
            dedicated(
                name,
                "SELECT relname FROM pg_class WHERE relname ~ '%s'"
                    .formatted(String.join("|", words))))
        .isEmpty();
  }

  private static String digest(String table, String condition) {
    return "SELECT count(*) || ' ' || coalesce(md5(string_agg(t::text, E'\\n' ORDER BY t::text COLLATE \"C\")), '') FROM %s t WHERE %s"
        .formatted(table, condition);
  }

  private String database(String name) {
    return "p_" + name + "_" + run;
  }

  private List<String> shared(String name, String sql) throws SQLException {
    return query(TestServers.postgres(), database(name), sql);
  }

  private List<String> dedicated(String name, String sql) throws SQLException {
    return query(TestServers.dedicatedPostgres(), database(name), sql);
  }

  private static List<String> query(PostgresServer server, String database, String sql)
      throws SQLException {
    try (Connection connection = open(server, database);
        Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(sql)) {
      List<String> values = new ArrayList<>();
      while (rows.next()) {
        values.add(rows.getString(1));
      }
      return values;
    }
  }

  private static void execute(PostgresServer server, String database, String sql)
      throws SQLException {
    try (Connection connection = open(server, database);
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  private static Connection open(PostgresServer server, String database) throws SQLException {
    return DriverManager.getConnection(server.jdbcUrl(database), server.user(), server.password());
  }
}

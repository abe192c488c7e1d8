package com.matih.tenantmigration.activities.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import com.matih.tenantmigration.activities.engine.Finding;
import com.matih.tenantmigration.activities.postgres.client.PostgresConnections;
import com.matih.tenantmigration.activities.postgres.programs.ClientPrograms;
import com.matih.tenantmigration.activities.testing.PostgresSpecBuilder;
import com.matih.tenantmigration.activities.testing.TestGuard;
import com.matih.tenantmigration.activities.testing.TestJournal;
import com.matih.tenantmigration.activities.testing.TestSecrets;
import com.matih.tenantmigration.embedded.PostgresServer;
import com.matih.tenantmigration.embedded.process.ServerFolder;
import com.matih.tenantmigration.embedded.testing.TestCertificates;
import com.matih.tenantmigration.embedded.testing.TestCertificates.Holder;
import com.matih.tenantmigration.embedded.testing.TestServers;
import com.matih.tenantmigration.workflow.CheckName;
import com.matih.tenantmigration.workflow.report.RollbackStep;
import com.matih.tenantmigration.workflow.request.PostgresSpec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * A tenant moves between databases that ask for TLS, a client's certificate and SCRAM, as a user
 * whose name and password have odd characters.
 */
class SecuredPostgresIT {

  private static final TestCertificates CERTIFICATES = TestServers.certificates();
  private static final String MOVER = "mover@x:/%?#$\"'\\ ü";
  private static final String QUOTED = "\"" + MOVER.replace("\"", "\"\"") + "\"";

  @TempDir private static Path settings;
  private static ServerFolder servers;
  private static PostgresServer server;

  @TempDir private Path folder;
  private TestDatabase source;
  private TestDatabase target;

  @BeforeAll
  static void start() throws Exception {
    Path access =
        Files.writeString(
            settings.resolve("pg_hba.conf"),
            """
            host    all postgres 127.0.0.1/32 md5
            hostssl all all      127.0.0.1/32 scram-sha-256 clientcert=verify-ca
            """);
    servers = ServerFolder.temporary("secured-postgres-");
    server =
        PostgresServer.start(
            servers, "secured", List.of("hba_file=" + access, "password_encryption=scram-sha-256"));
    TestDatabase any = TestDatabase.named(server);
    any.inMaintenance(
        "CREATE ROLE %s LOGIN CREATEDB PASSWORD '%s' IN ROLE pg_read_all_stats, pg_signal_backend"
            .formatted(QUOTED, TestSecrets.ODD.replace("'", "''")),
        "ALTER SYSTEM SET ssl_ca_file = '%s'".formatted(CERTIFICATES.ca()),
        "ALTER SYSTEM SET ssl = on");
    serveAs(Holder.SERVER);
  }

  @AfterAll
  static void stop() {
    server.close();
    servers.close();
  }

  private static void serveAs(Holder holder) throws SQLException {
    TestDatabase.named(server)
        .inMaintenance(
            "ALTER SYSTEM SET ssl_cert_file = '%s'".formatted(CERTIFICATES.certificate(holder)),
            "ALTER SYSTEM SET ssl_key_file = '%s'".formatted(CERTIFICATES.key(holder)),
            "SELECT pg_reload_conf()");
  }

  @BeforeEach
  void seed() throws SQLException {
    source = TestDatabase.create(server);
    target = TestDatabase.named(server);
    source.execute(
        "GRANT CREATE ON DATABASE %s TO %s".formatted(source.name(), QUOTED),
        "CREATE SCHEMA shared AUTHORIZATION " + QUOTED,
        "SET ROLE " + QUOTED,
        "CREATE TABLE shared.queries (id bigserial PRIMARY KEY, tenant_id text NOT NULL)",
        "CREATE TABLE shared.runs (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,"
            + " query bigint NOT NULL REFERENCES shared.queries)",
        "INSERT INTO shared.queries (tenant_id)"
            + " SELECT t FROM generate_series(1, 50), (VALUES ('acme'), ('globex')) v(t)",
        "INSERT INTO shared.runs (query) SELECT id FROM shared.queries");
  }

  @AfterEach
  void drop() throws SQLException {
    source.close();
    target.close();
  }

  private static String tls(Path ca) {
    return "?sslmode=verify-full&sslrootcert=%s&sslcert=%s&sslkey=%s"
        .formatted(ca, CERTIFICATES.certificate(Holder.CLIENT), CERTIFICATES.key(Holder.CLIENT));
  }

  private static PostgresSpec.Database as(TestDatabase database, String parameters) {
    return new PostgresSpec.Database(
        server.jdbcUrl(database.name()) + parameters, MOVER, "${env:ODD}");
  }

  private EngineChain chain(PostgresSpec.Database from) {
    return new EngineChain(
        new PostgresConnections(TestSecrets.ofOdd()),
        new ClientPrograms(),
        TestRequests.context(
            TestJournal.newMigrationId(),
            TestRequests.request(
                "acme",
                PostgresSpecBuilder.rows(from, as(target, tls(CERTIFICATES.ca())))
                    .parallelism(2)
                    .build(),
                null,
                List.of("SELECT count(*) FROM {schema}.queries WHERE {tenant}"))),
        folder);
  }

  @Test
  void aTenantMovesOverTlsAndItsClientProgramsDoTheSame() throws SQLException {
    EngineChain chain = chain(as(source, tls(CERTIFICATES.ca())));
    assertThat(chain.plan().refusals()).isEmpty();

    chain.copy();
    Map<CheckName, Finding> findings = chain.check();
    chain.open();

    assertThat(findings)
        .allSatisfy(
            (check, finding) -> {
              assertThat(finding.namedMismatches()).isEmpty();
              assertThat(finding.comparedCount()).isPositive();
            });
    assertThat(target.query("SELECT count(*) FROM public.runs")).containsExactly("50");
  }

  @Test
  void itRollsBackOverTls() throws SQLException {
    EngineChain chain = chain(as(source, tls(CERTIFICATES.ca())));
    chain.copy();

    assertThat(chain.rollBack(TestGuard.permitting()).status()).isEqualTo(RollbackStep.Status.DONE);

    assertThat(
            target.inMaintenanceQuery(
                "SELECT datname FROM pg_database WHERE datname = '%s'".formatted(target.name())))
        .isEmpty();
  }

  @Test
  void aCaThatDidNotSignTheCertificateIsNamed() {
    assertRefused(
        as(source, tls(CERTIFICATES.strangersCa())),
        "its certificate was not signed by a CA that the worker trusts",
        "Name that CA's certificate: sslrootcert in the URL.");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "EXPIRED   | its certificate has expired              | Renew it.",
        "ELSEWHERE | its certificate is for another host name | Use a name in the URL",
      })
  void aCertificateThatIsNotGoodIsNamed(Holder holder, String why, String remedy)
      throws SQLException {
    serveAs(holder);
    try {
      // the server's main process has it a moment after it was told
      Awaitility.await()
          .atMost(Duration.ofMinutes(1))
          .untilAsserted(() -> assertRefused(as(source, tls(CERTIFICATES.ca())), why, remedy));
    } finally {
      serveAs(Holder.SERVER);
      Awaitility.await()
          .atMost(Duration.ofMinutes(1))
          .until(() -> chain(as(source, tls(CERTIFICATES.ca()))).plan().refusals().isEmpty());
    }
  }

  @Test
  void aServerThatWantsTlsIsNamed() {
    assertRefused(as(source, "?sslmode=disable"), "no encryption", "Set sslmode in the URL.");
  }

  @Test
  void aServerThatWantsAClientsCertificateIsNamed() {
    assertRefused(
        as(source, "?sslmode=verify-full&sslrootcert=" + CERTIFICATES.ca()),
        "connection requires a valid client certificate",
        "Name sslcert and sslkey in the URL.");
  }

  @Test
  void aServerWithoutTlsIsNamed() throws SQLException {
    assertRefused(
        new PostgresSpec.Database(
            TestServers.postgres().jdbcUrl("postgres") + "?sslmode=require", MOVER, "${env:ODD}"),
        "the server does not speak TLS",
        "Correct the port, or sslmode in the URL.");
  }

  @Test
  void aWrongPasswordIsNamed() {
    assertRefused(
        new PostgresSpec.Database(
            server.jdbcUrl(source.name()) + tls(CERTIFICATES.ca()), MOVER, "wrong"),
        "password authentication failed",
        "Correct the user or the password.");
  }

  @Test
  void aFileThatIsNoCertificateIsNamed() throws IOException {
    Path none = Files.writeString(folder.resolve("none.pem"), "none");
    assertRefused(
        as(source, tls(none)),
        "the driver cannot use the URL's files for TLS",
        "Name certificates");
  }

  private void assertRefused(PostgresSpec.Database from, String why, String remedy) {
    assertThat(chain(from).plan().refusals())
        .anySatisfy(
            refusal -> {
              assertThat(refusal.object()).isEqualTo("postgres.source");
              assertThat(refusal.reason()).contains(why);
              assertThat(refusal.remedy()).contains(remedy);
            });
  }
}

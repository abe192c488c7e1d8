package com.matih.tenantmigration.activities.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import com.matih.tenantmigration.activities.engine.Finding;
import com.matih.tenantmigration.activities.engine.ProgressMonitor;
import com.matih.tenantmigration.activities.postgres.programs.ClientPrograms;
import com.matih.tenantmigration.activities.postgres.restore.SnapshotRestorer;
import com.matih.tenantmigration.activities.testing.PostgresSpecBuilder;
import com.matih.tenantmigration.activities.testing.TestJournal;
import com.matih.tenantmigration.embedded.PostgresServer;
import com.matih.tenantmigration.embedded.process.ServerFolder;
import com.matih.tenantmigration.embedded.testing.MissingToolsFilter;
import com.matih.tenantmigration.embedded.testing.TestServers;
import com.matih.tenantmigration.embedded.tools.PostgresClientTools;
import com.matih.tenantmigration.workflow.CheckName;
import com.matih.tenantmigration.workflow.MigrationContext;
import com.matih.tenantmigration.workflow.request.PostgresSpec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tenants move between servers of all versions that are supported, and never to an older one. */
@Tag(MissingToolsFilter.POSTGRES_VERSIONS)
class ServerVersionsIT {

  private static final String SCHEMA =
      """
      CREATE SCHEMA shared;
      SET search_path = shared;
      CREATE TYPE mood AS ENUM ('sad', 'ok');
      CREATE TABLE plans (id text PRIMARY KEY);
      CREATE TABLE workspaces (
        id bigserial PRIMARY KEY, tenant_id text NOT NULL, name text, plan text REFERENCES plans,
        m mood, doubled bigint GENERATED ALWAYS AS (id * 2) STORED, UNIQUE (tenant_id, name));
      CREATE TABLE runs (
        id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
        workspace_id bigint NOT NULL REFERENCES workspaces ON DELETE CASCADE,
        state text CHECK (state <> ''));
      CREATE TABLE events (id bigserial, tenant_id text NOT NULL, at date NOT NULL,
        PRIMARY KEY (id, at)) PARTITION BY RANGE (at);
      CREATE TABLE events_2025 PARTITION OF events FOR VALUES FROM ('2025-01-01') TO ('2026-01-01');
      CREATE TABLE events_rest PARTITION OF events DEFAULT;
      CREATE INDEX ON events (tenant_id);
      CREATE FUNCTION stamp() RETURNS trigger LANGUAGE plpgsql AS $$
      BEGIN
      SET transaction_timeout = 0;
      RETURN NEW;
      END $$;
      CREATE TRIGGER stamp BEFORE UPDATE ON runs FOR EACH ROW EXECUTE FUNCTION stamp();
      CREATE VIEW names AS SELECT name FROM workspaces;
      CREATE MATERIALIZED VIEW run_count AS SELECT count(*) AS n FROM runs;
      CREATE POLICY own ON workspaces USING (tenant_id = current_setting('app.tenant', true));
      ALTER TABLE workspaces ENABLE ROW LEVEL SECURITY;
      INSERT INTO plans VALUES ('free');
      INSERT INTO workspaces (tenant_id, name, plan, m)
        SELECT CASE WHEN i % 3 = 0 THEN 'globex' ELSE 'acme' END, 'w' || i, 'free', 'ok'
          FROM generate_series(1, 30) i;
      INSERT INTO runs (workspace_id, state)
        SELECT w.id, 's' || i FROM workspaces w, generate_series(1, 20) i;
      INSERT INTO events (tenant_id, at)
        SELECT CASE WHEN i % 2 = 0 THEN 'globex' ELSE 'acme' END, date '2024-11-01' + i
          FROM generate_series(1, 600) i;
      """;

  private static ServerFolder servers;
  private static PostgresServer postgres13;
  private static PostgresServer postgres16;
  private static PostgresServer postgres17;

  @TempDir private Path folder;

  @BeforeAll
  static void startServers() {
    servers = ServerFolder.temporary("tenant-migration-versions-");
    postgres13 = PostgresServer.startVersion(servers, 13, "postgres-13");
    postgres16 = PostgresServer.startVersion(servers, 16, "postgres-16");
    postgres17 = PostgresServer.startVersion(servers, 17, "postgres-17");
  }

  @AfterAll
  static void stopServers() {
    postgres13.close();
    postgres16.close();
    postgres17.close();
    servers.close();
  }

  @Test
  void from13To17WithTheProgramsOf15() throws SQLException {
    move(postgres13, postgres17, new ClientPrograms());
  }

  @Test
  void between13And13() throws SQLException {
    move(postgres13, postgres13, new ClientPrograms());
  }

  @Test
  void from15To16() throws SQLException {
    move(TestServers.postgres(), postgres16, new ClientPrograms());
  }

  @Test
  @Tag(MissingToolsFilter.POSTGRES_CLIENT_17)
  void between17And17() throws SQLException {
    assertThat(move(postgres17, postgres17, new ClientPrograms())).isEmpty();
  }

  /** pg_restore 17 sets transaction_timeout, which servers before 17 refuse. */
  @Test
  @Tag(MissingToolsFilter.POSTGRES_CLIENT_17)
  void from13To16WithTheProgramsOf17Alone() throws SQLException {
    String folder17 = PostgresClientTools.require(17).folder().toString();

    assertThat(move(postgres13, postgres16, new ClientPrograms(folder17, List.of())))
        .singleElement()
        .asString()
        .contains("cannot restore into a server of version 16 by itself", "postgresql-client-16");
  }

  @Test
  void programsThatAreOlderThanTheSharedServerAreRefusedByThePlan() throws Exception {
    ClientPrograms programs = new ClientPrograms(fakePrograms(15).toString(), List.of());
    try (TestDatabase source = source(postgres17);
        TestDatabase target = TestDatabase.named(postgres17)) {
      assertThat(chain(postgres17, postgres17, source, target, programs).plan().refusals())
          .singleElement()
          .satisfies(
              refusal -> {
                assertThat(refusal.object()).isEqualTo("pg_dump");
                assertThat(refusal.reason())
                    .isEqualTo(
                        "The worker's pg_dump has version 15 and cannot dump a server of version 17."
                            + " Install the package postgresql-client-17.");
              });
    }
  }

  @Test
  void anOlderDedicatedServerIsRefusedByThePlan() throws SQLException {
    try (TestDatabase source = source(postgres16);
        TestDatabase target = TestDatabase.named(postgres13)) {
      assertThat(
              chain(postgres16, postgres13, source, target, new ClientPrograms()).plan().refusals())
          .anySatisfy(
              refusal ->
                  assertThat(refusal.reason())
                      .isEqualTo(
                          "is a server of version 13, which is older than the source's version"
                              + " 16"));
    }
  }

  /** There the schema public of a new database belongs to a superuser. */
  @Test
  void before15AUserWhoIsNoSuperuserCannotReplaceTheSchemaPublic() throws SQLException {
    try (TestDatabase source = source(postgres13);
        TestDatabase target = TestDatabase.named(postgres13)) {
      source.inMaintenance("CREATE ROLE plain LOGIN CREATEDB PASSWORD 'secret'");
      PostgresSpec.Database plain = target.specAs("plain");
      ClientPrograms programs = new ClientPrograms();

      assertThat(chain(postgres13, postgres13, source, plain, "public", programs).plan().refusals())
          .singleElement()
          .satisfies(
              refusal -> {
                assertThat(refusal.reason()).contains("cannot be renamed to public");
                assertThat(refusal.remedy()).contains("another targetSchema, such as shared");
              });
      assertThat(chain(postgres13, postgres13, source, plain, "shared", programs).plan().refusals())
          .isEmpty();
    }
  }

  @Test
  void sessionsAreSetUpAlikeWhateverTheirDatabaseSets() throws SQLException {
    List<String> settings =
        List.of(
            "search_path=pg_catalog",
            "DateStyle=ISO, YMD",
            "IntervalStyle=postgres",
            "TimeZone=UTC",
            "extra_float_digits=3",
            "bytea_output=hex",
            "standard_conforming_strings=on",
            "xmloption=content",
            "statement_timeout=0",
            "lock_timeout=0",
            "idle_in_transaction_session_timeout=0",
            "tcp_keepalives_idle=60",
            "tcp_keepalives_interval=10",
            "row_security=off");
    List<String> later = List.of("idle_session_timeout=0", "client_connection_check_interval=5000");

    assertThat(sessionOf(postgres13)).containsExactlyInAnyOrderElementsOf(settings);
    assertThat(sessionOf(TestServers.postgres())).containsAll(settings).containsAll(later);
    assertThat(sessionOf(postgres17))
        .containsAll(settings)
        .containsAll(later)
        .contains("transaction_timeout=0");
  }

  /** What a session has set in a database that has the same settings otherwise. */
  private static List<String> sessionOf(PostgresServer server) throws SQLException {
    try (TestDatabase database = TestDatabase.create(server)) {
      List<String> settings =
          new ArrayList<>(
              List.of(
                  "DateStyle = 'SQL, DMY'",
                  "IntervalStyle = iso_8601",
                  "TimeZone = 'Asia/Tokyo'",
                  "extra_float_digits = 0",
                  "bytea_output = escape",
                  "standard_conforming_strings = off",
                  "xmloption = document"));
      for (String limit :
          database.query(
              "SELECT name FROM pg_settings WHERE name IN ('statement_timeout', 'lock_timeout',"
                  + " 'idle_in_transaction_session_timeout', 'idle_session_timeout',"
                  + " 'transaction_timeout', 'client_connection_check_interval')")) {
        settings.add(limit + " = '1h'");
      }
      for (String setting : settings) {
        database.execute("ALTER DATABASE %s SET %s".formatted(database.name(), setting));
      }
      try (Connection session =
          TestDatabase.connections(server).open(database.spec(), "session", "look")) {
        return TestDatabase.query(
            session,
            "SELECT name || '=' || setting FROM pg_settings"
                + " WHERE source = 'session' AND name <> 'application_name'");
      }
    }
  }

  /**
   * Plans, moves, checks, opens, and restores the snapshot on the same server.
   *
   * @return what the plan warns of about the programs
   */
  private List<String> move(PostgresServer from, PostgresServer to, ClientPrograms programs)
      throws SQLException {
    try (TestDatabase source = source(from);
        TestDatabase target = TestDatabase.named(to);
        TestDatabase restored = TestDatabase.create(to)) {
      EngineChain chain = chain(from, to, source, target, programs);
      var plan = chain.plan();
      assertThat(plan.refusals()).isEmpty();

      chain.copy();
      Map<CheckName, Finding> findings = chain.check();
      chain.open();

      assertThat(findings)
          .allSatisfy(
              (check, finding) -> {
                assertThat(finding.namedMismatches()).isEmpty();
                assertThat(finding.comparedCount()).isPositive();
              });
      target.execute(
          "INSERT INTO public.workspaces (tenant_id, name, plan, m)"
              + " VALUES ('acme', 'x', 'free', 'ok')");
      assertThat(target.query("SELECT count(*) || ' ' || max(id) FROM public.workspaces"))
          .containsExactly("21 31");
      assertThat(target.query("SELECT prosrc FROM pg_proc WHERE proname = 'stamp'"))
          .isEqualTo(source.query("SELECT prosrc FROM pg_proc WHERE proname = 'stamp'"));
      assertThat(target.query("SELECT n FROM public.run_count")).containsExactly("400");
      assertThat(target.query("SELECT count(*) FROM public.events")).containsExactly("300");
      assertThat(
              target.query(
                  "SELECT DISTINCT convalidated FROM pg_constraint"
                      + " WHERE connamespace = 'public'::regnamespace"))
          .containsExactly("t");

      new SnapshotRestorer(programs, 2)
          .restore(
              chain.snapshot(),
              to.jdbcUrl(restored.name()),
              to.user(),
              to.password(),
              ProgressMonitor.unmonitored());
      assertThat(restored.query("SELECT count(*) FROM shared.runs")).containsExactly("400");
      return plan.warnings().stream()
          .filter(warning -> warning.object().equals("pg_restore"))
          .map(warning -> warning.message())
          .toList();
    }
  }

  private static TestDatabase source(PostgresServer server) throws SQLException {
    TestDatabase source = TestDatabase.create(server);
    source.execute(SCHEMA);
    return source;
  }

  private EngineChain chain(
      PostgresServer from,
      PostgresServer to,
      TestDatabase source,
      TestDatabase target,
      ClientPrograms programs) {
    return chain(from, to, source, target.spec(), "public", programs);
  }

  private EngineChain chain(
      PostgresServer from,
      PostgresServer to,
      TestDatabase source,
      PostgresSpec.Database target,
      String targetSchema,
      ClientPrograms programs) {
    PostgresSpec spec =
        PostgresSpecBuilder.rows(source.spec(), target)
            .targetSchema(targetSchema)
            .referenceTables(List.of("plans"))
            .parallelism(2)
            .build();
    MigrationContext context =
        TestRequests.context(
            TestJournal.newMigrationId(),
            TestRequests.request(
                "acme",
                spec,
                null,
                List.of("SELECT count(*) FROM {schema}.workspaces WHERE {tenant}")));
    return new EngineChain(TestDatabase.connections(from, to), programs, context, folder);
  }

  private Path fakePrograms(int major) throws IOException {
    for (String name : List.of("pg_dump", "pg_restore")) {
      Path program = folder.resolve(name);
      Files.writeString(program, "#!/bin/sh\necho '%s (PostgreSQL) %d.3'\n".formatted(name, major));
      Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwxr-xr-x"));
    }
    return folder;
  }
}

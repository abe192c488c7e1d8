package com.matih.tenantmigration.activities.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import com.matih.tenantmigration.activities.engine.Finding;
import com.matih.tenantmigration.activities.postgres.programs.ClientPrograms;
import com.matih.tenantmigration.activities.testing.PostgresSpecBuilder;
import com.matih.tenantmigration.activities.testing.TestGuard;
import com.matih.tenantmigration.activities.testing.TestJournal;
import com.matih.tenantmigration.embedded.testing.TestServers;
import com.matih.tenantmigration.workflow.CheckName;
import com.matih.tenantmigration.workflow.MigrationContext;
import com.matih.tenantmigration.workflow.report.PlanFindings;
import com.matih.tenantmigration.workflow.report.RollbackStep;
import com.matih.tenantmigration.workflow.request.PostgresSpec.Isolation;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A tenant moves with users that have the documented rights and no others, and the plan names each
 * of these rights that is missing.
 */
class PlainRolesIT {

  private final String id = TestJournal.newMigrationId();
  private final String owner = "owner_" + id;
  private final String platform = "platform_" + id;
  private final String mover = "mover_" + id;

  @TempDir private Path folder;
  private TestDatabase source;
  private TestDatabase target;
  private EngineChain chain;

  /** The services' role owns the tables, the platform's owns the schema and what tenants share. */
  @BeforeEach
  void prepare() throws SQLException {
    source = TestDatabase.create(TestServers.postgres());
    target = TestDatabase.named(TestServers.dedicatedPostgres());
    source.inMaintenance(
        "CREATE ROLE " + owner,
        "CREATE ROLE " + platform,
        "CREATE ROLE %s LOGIN PASSWORD 'secret' IN ROLE %s, pg_read_all_stats"
            .formatted(mover, owner),
        "REVOKE ALL ON DATABASE %s FROM PUBLIC".formatted(source.name()),
        "GRANT CONNECT, CREATE ON DATABASE %s TO %s".formatted(source.name(), mover));
    target.inMaintenance(
        "CREATE ROLE %s LOGIN CREATEDB PASSWORD 'secret' IN ROLE pg_signal_backend"
            .formatted(mover));
    source.execute(
        "REVOKE ALL ON SCHEMA public FROM PUBLIC",
        "CREATE SCHEMA shared AUTHORIZATION " + platform,
        "CREATE SCHEMA common AUTHORIZATION " + platform,
        "GRANT USAGE ON SCHEMA shared, common TO %s, %s".formatted(owner, mover),
        "GRANT CREATE ON SCHEMA shared TO " + owner,
        "SET ROLE " + platform,
        "CREATE TABLE shared.plans (id text PRIMARY KEY)",
        "CREATE SEQUENCE shared.tickets",
        "CREATE TABLE common.countries (id text PRIMARY KEY)",
        "CREATE FUNCTION common.stamp() RETURNS trigger LANGUAGE plpgsql AS"
            + " 'BEGIN RETURN NEW; END'",
        "INSERT INTO shared.plans VALUES ('free')",
        "INSERT INTO common.countries VALUES ('de')",
        "GRANT SELECT, REFERENCES ON shared.plans, common.countries TO " + owner,
        "GRANT SELECT, USAGE ON SEQUENCE shared.tickets TO " + owner,
        "SET ROLE " + owner,
        "CREATE TABLE shared.queries (id bigserial PRIMARY KEY, tenant_id text NOT NULL,"
            + " ticket bigint DEFAULT nextval('shared.tickets'), plan text REFERENCES shared.plans)",
        "CREATE TABLE shared.runs (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,"
            + " query bigint NOT NULL REFERENCES shared.queries)",
        "CREATE MATERIALIZED VIEW shared.counted AS SELECT count(*) AS n FROM shared.runs",
        "INSERT INTO shared.queries (tenant_id, plan)"
            + " SELECT t, 'free' FROM generate_series(1, 50), (VALUES ('acme'), ('globex')) v(t)",
        "INSERT INTO shared.runs (query) SELECT id FROM shared.queries");
    chain =
        chain(
            Isolation.ROWS,
            List.of("plans"),
            "SELECT count(*) FROM {schema}.queries WHERE {tenant}");
  }

  @AfterEach
  void drop() throws SQLException {
    source.close();
    target.close();
    for (String role : List.of(mover, owner, platform)) {
      source.inMaintenance("DROP ROLE " + role);
    }
    target.inMaintenance("DROP ROLE " + mover);
  }

  @Test
  void aTenantMovesWithTheDocumentedRights() throws SQLException {
    PlanFindings plan = chain.plan();
    assertThat(plan.refusals()).isEmpty();
    assertThat(told(plan)).noneMatch(text -> text.contains("GRANT"));

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
    target.execute("INSERT INTO public.queries (tenant_id, plan) VALUES ('acme', 'free')");
  }

  @Test
  void aTenantRollsBackWithTheDocumentedRights() throws SQLException {
    chain.copy();

    assertThat(chain.rollBack(TestGuard.permitting()).status()).isEqualTo(RollbackStep.Status.DONE);

    source.execute("UPDATE shared.queries SET plan = NULL WHERE tenant_id = 'acme'");
    assertThat(
            source.query(
                "SELECT nspname FROM pg_namespace WHERE nspname LIKE 'tenant\\_migration%'"))
        .isEmpty();
    assertThat(
            target.inMaintenanceQuery(
                "SELECT datname FROM pg_database WHERE datdba = '%s'::regrole".formatted(mover)))
        .isEmpty();
  }

  @Test
  void eachRightThatIsMissingOnTheSharedSideIsNamed() throws SQLException {
    String database = "DATABASE " + source.name();

    assertNamed(owner, mover, "GRANT \"%s\" TO \"%s\"".formatted(owner, mover));
    assertNamed(
        "CONNECT ON " + database,
        mover,
        "permission denied for database \"%s\"".formatted(source.name()));
    assertNamed(
        "CREATE ON " + database,
        mover,
        "GRANT CREATE ON DATABASE \"%s\" TO \"%s\"".formatted(source.name(), mover));
    assertNamed("pg_read_all_stats", mover, "GRANT pg_read_all_stats TO \"%s\"".formatted(mover));
    assertNamed(
        "USAGE ON SCHEMA shared",
        mover + ", " + owner,
        "GRANT USAGE ON SCHEMA \"shared\" TO \"%s\"".formatted(mover));
    assertNamed(
        "SELECT ON shared.plans",
        owner,
        "GRANT SELECT ON \"shared\".\"plans\" TO \"%s\"".formatted(mover));
    assertNamed(
        "SELECT ON SEQUENCE shared.tickets",
        owner,
        "GRANT SELECT ON SEQUENCE \"shared\".\"tickets\" TO \"%s\"".formatted(mover));
  }

  @Test
  void eachRightThatIsMissingInASchemaThatTenantsShareIsNamed() throws SQLException {
    source.execute(
        "ALTER TABLE shared.queries ADD country text REFERENCES common.countries",
        "ALTER TABLE shared.plans OWNER TO " + owner,
        "ALTER SEQUENCE shared.tickets OWNER TO " + owner);
    chain =
        chain(
            Isolation.SCHEMA, List.of("common.countries"), "SELECT count(*) FROM {schema}.queries");
    assertThat(chain.plan().refusals()).isEmpty();

    assertNamed(
        "USAGE ON SCHEMA common",
        mover + ", " + owner,
        "GRANT USAGE ON SCHEMA \"common\" TO \"%s\"".formatted(mover));
    assertNamed(
        "SELECT ON common.countries",
        owner,
        "GRANT SELECT ON \"common\".\"countries\" TO \"%s\"".formatted(mover));
  }

  @Test
  void eachRightThatIsMissingOnTheDedicatedSideIsNamed() throws SQLException {
    target.inMaintenance("ALTER ROLE %s NOCREATEDB".formatted(mover));
    assertThat(told(chain.plan())).anyMatch(text -> text.contains("ALTER ROLE … CREATEDB"));

    target.inMaintenance(
        "ALTER ROLE %s CREATEDB".formatted(mover), "REVOKE pg_signal_backend FROM " + mover);
    assertThat(told(chain.plan())).anyMatch(text -> text.contains("GRANT pg_signal_backend"));
  }

  /** What the plan says without a right, and does not say with it. */
  private void assertNamed(String right, String from, String named) throws SQLException {
    source.execute("REVOKE %s FROM %s".formatted(right, from));
    assertThat(told(chain.plan())).as("without %s", right).anyMatch(text -> text.contains(named));
    source.execute("GRANT %s TO %s".formatted(right, from));
    assertThat(told(chain.plan())).as("with %s", right).noneMatch(text -> text.contains(named));
  }

  private static List<String> told(PlanFindings plan) {
    return Stream.concat(
            plan.refusals().stream()
                .map(refusal -> refusal.object() + " " + refusal.reason() + " " + refusal.remedy()),
            plan.warnings().stream().map(warning -> warning.object() + " " + warning.message()))
        .toList();
  }

  private EngineChain chain(Isolation isolation, List<String> referenceTables, String query) {
    MigrationContext context =
        TestRequests.context(
            TestJournal.newMigrationId(),
            TestRequests.request(
                "acme",
                PostgresSpecBuilder.of(isolation, source.specAs(mover), target.specAs(mover))
                    .referenceTables(referenceTables)
                    .parallelism(2)
                    .build(),
                null,
                List.of(query)));
    return new EngineChain(
        TestDatabase.connections(TestServers.postgres(), TestServers.dedicatedPostgres()),
        new ClientPrograms(),
        context,
        folder);
  }
}

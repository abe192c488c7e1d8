package com.matih.tenantmigration.activities.postgres.rehearsal;

import static org.assertj.core.api.Assertions.assertThat;

import com.matih.tenantmigration.activities.testing.PostgresSpecBuilder;
import com.matih.tenantmigration.workflow.report.LeftBehind;
import com.matih.tenantmigration.workflow.report.PlanFindings;
import com.matih.tenantmigration.workflow.report.Refusal;
import com.matih.tenantmigration.workflow.report.Warning;
import com.matih.tenantmigration.workflow.request.PostgresSpec;
import java.sql.SQLException;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Plans for a tenant with its own schema, and for the target schema that it moves into. */
class OwnSchemaFactsIT extends RehearsalLab {

  private final String role = "mover_" + migrationId;

  @BeforeEach
  void createTable() throws SQLException {
    source.execute(
        "CREATE SCHEMA acme",
        "CREATE TABLE acme.orders (id int PRIMARY KEY, a int, b int)",
        "INSERT INTO acme.orders VALUES (1, 1, 1)",
        "CREATE FUNCTION acme.touch() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END'",
        "CREATE TRIGGER touch BEFORE UPDATE ON acme.orders FOR EACH ROW"
            + " WHEN (OLD.* IS DISTINCT FROM NEW.*) EXECUTE FUNCTION acme.touch()");
  }

  @AfterEach
  void dropRole() throws SQLException {
    target.close();
    target.inMaintenance("DROP ROLE IF EXISTS " + role);
  }

  private PlanFindings planOf(PostgresSpec.Database to, String targetSchema) {
    return plan(
        context(
            PostgresSpecBuilder.schema(source.spec(), to)
                .sourceSchema("acme")
                .targetSchema(targetSchema)
                .parallelism(2)
                .build()));
  }

  @Test
  void functionsThatNameTheirSchemaInATextAreNamed() throws SQLException {
    source.execute(
        function("acme.fine", "RETURN (SELECT count(*) FROM orders)"),
        function("acme.called", "RETURN (SELECT count(*) FROM Acme.orders)"),
        function("acme.sets", "SET LOCAL search_path TO acme, public; RETURN 1"),
        function(
            "acme.configures", "PERFORM set_config('search_path', 'acme,public', true); RETURN 1"),
        function("acme.formats", "EXECUTE format('SELECT 1 FROM %I.orders', 'acme'); RETURN 1"),
        function("public.counted", "RETURN (SELECT count(*) FROM acme.orders)"),
        "ALTER FUNCTION acme.fine() SET search_path = acme",
        "CREATE SCHEMA ac",
        "CREATE VIEW acme.totals AS SELECT public.counted()",
        "CREATE FUNCTION acme.audit() RETURNS trigger LANGUAGE plpgsql AS"
            + " $$ BEGIN EXECUTE format('SELECT 1 FROM %I.%I', TG_ARGV[0], TG_ARGV[1]); RETURN NEW; END $$",
        "CREATE TRIGGER audit AFTER INSERT ON acme.orders FOR EACH ROW EXECUTE FUNCTION"
            + " acme.audit('acme', 'orders')");

    List<Warning> warnings = planOf(target.spec(), "main").warnings();
    assertThat(warnings)
        .filteredOn(warning -> warning.message().startsWith("names the schema acme"))
        .extracting(Warning::object)
        .containsExactlyInAnyOrder(
            "acme.called()",
            "acme.configures()",
            "acme.formats()",
            "acme.sets()",
            "public.counted()");
    assertThat(warnings)
        .extracting(Warning::object)
        .contains("acme.orders audit")
        .doesNotContain("acme.fine()", "acme.audit()");
    assertThat(planOf(target.spec(), "acme").warnings())
        .noneMatch(warning -> warning.message().startsWith("names the schema acme"));
  }

  /** The text is compared with the objects that move along, also where the name needs quotes. */
  @Test
  void aTextThatNamesAnOddSharedSchemaIsNamedUnlessAllOfItMovesAlong() throws SQLException {
    source.execute(
        "CREATE SCHEMA \"lib-1\"",
        "CREATE TABLE \"lib-1\".rates (id int)",
        function("\"lib-1\".one", "RETURN 1"),
        "CREATE VIEW acme.ones AS SELECT \"lib-1\".one()",
        function("acme.fine", "RETURN \"lib-1\".one()"),
        function("acme.reads", "RETURN (SELECT count(*) FROM \"lib-1\".rates)"));

    assertThat(planOf(target.spec(), "acme").warnings())
        .filteredOn(warning -> warning.message().startsWith("names the schema lib-1"))
        .extracting(Warning::object)
        .containsExactly("acme.reads()");
  }

  @Test
  void anExtensionThatCannotMakeRoomForTheSchemaIsRefused() throws SQLException {
    target.inMaintenance(
        "CREATE ROLE %s LOGIN CREATEDB PASSWORD 'secret'".formatted(role),
        "CREATE DATABASE %s OWNER %s".formatted(target.name(), role));
    target.execute("CREATE EXTENSION xml2", "CREATE EXTENSION pg_trgm");

    assertThat(planOf(target.spec(), "public").refusals())
        .extracting(Refusal::object)
        .containsExactly("extension xml2");
    assertThat(planOf(target.specAs(role), "public").refusals())
        .extracting(Refusal::object)
        .containsExactly("extension pg_trgm", "extension xml2");
    assertThat(planOf(target.specAs(role), "acme").refusals()).isEmpty();
  }

  @Test
  void theLimitOfConnectionsOfAnExistingTargetCounts() throws SQLException {
    target.inMaintenance(
        "CREATE ROLE %s LOGIN CREATEDB PASSWORD 'secret'".formatted(role),
        "CREATE DATABASE %s OWNER %s CONNECTION LIMIT 3".formatted(target.name(), role));

    assertThat(planOf(target.specAs(role), "acme").refusals())
        .extracting(Refusal::object, Refusal::reason)
        .singleElement()
        .asString()
        .contains("postgres.target", "accepts 3 more sessions");
  }

  @Test
  void aTriggerThatComparesTwoRowsIsNoObstacle() throws SQLException {
    source.execute(
        "CREATE TRIGGER named BEFORE UPDATE ON acme.orders FOR EACH ROW"
            + " WHEN (OLD.a <> NEW.a AND current_setting('acme.on'::text, true) = 'yes')"
            + " EXECUTE FUNCTION acme.touch()");

    PlanFindings plan = planOf(target.spec(), "main");

    assertThat(plan.refusals()).isEmpty();
    assertThat(plan.warnings())
        .filteredOn(warning -> warning.message().contains("in a text"))
        .extracting(Warning::object)
        .containsExactly("acme.orders named");
  }

  @Test
  void statisticsInAnotherSchemaAreLeftBehind() throws SQLException {
    source.execute("CREATE STATISTICS public.across ON a, b FROM acme.orders");

    assertThat(planOf(target.spec(), "acme").leftBehind())
        .extracting(LeftBehind::object)
        .containsExactly("statistics public.across");
  }

  private static String function(String name, String body) {
    return "CREATE FUNCTION %s() RETURNS bigint LANGUAGE plpgsql STABLE AS $$ BEGIN %s; END $$"
        .formatted(name, body);
  }
}

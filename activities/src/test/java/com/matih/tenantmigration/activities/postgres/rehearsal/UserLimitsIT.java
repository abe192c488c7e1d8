package com.matih.tenantmigration.activities.postgres.rehearsal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import com.matih.tenantmigration.activities.testing.PostgresSpecBuilder;
import com.matih.tenantmigration.workflow.MigrationContext;
import com.matih.tenantmigration.workflow.report.PlanFindings;
import com.matih.tenantmigration.workflow.report.Refusal;
import com.matih.tenantmigration.workflow.request.PostgresSpec;
import java.sql.SQLException;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Rights and connection limits of the users on both sides. */
class UserLimitsIT extends RehearsalLab {

  private final String role = "limited_" + migrationId;

  @BeforeEach
  void createTable() throws SQLException {
    inShared(
        "CREATE TABLE queries (id int PRIMARY KEY, tenant_id text NOT NULL, body text)",
        "INSERT INTO queries VALUES (1, 'acme', 'x')");
  }

  @AfterEach
  void dropRoles() throws SQLException {
    source.close();
    target.close();
    source.inMaintenance("DROP ROLE IF EXISTS " + role);
    target.inMaintenance("DROP ROLE IF EXISTS " + role);
  }

  @Test
  void forcedPoliciesNeedATargetsUserWhoPassesThem() throws SQLException {
    source.execute(
        "ALTER TABLE shared.queries ENABLE ROW LEVEL SECURITY",
        "ALTER TABLE shared.queries FORCE ROW LEVEL SECURITY",
        "CREATE POLICY own ON shared.queries USING (tenant_id = current_setting('app.tenant'))");
    target.inMaintenance("CREATE ROLE %s LOGIN CREATEDB PASSWORD 'secret'".formatted(role));

    assertThat(plan(asRole()).refusals())
        .singleElement()
        .matches(refusal -> refusal.object().equals("shared.queries"))
        .matches(refusal -> refusal.remedy().contains("BYPASSRLS"));

    target.inMaintenance("ALTER ROLE %s BYPASSRLS".formatted(role));
    assertThat(plan(asRole()).refusals()).isEmpty();
  }

  @Test
  void aUserWithTooFewConnectionsIsRefused() throws SQLException {
    target.inMaintenance(
        "CREATE ROLE %s LOGIN CREATEDB PASSWORD 'secret' CONNECTION LIMIT 6".formatted(role));

    assertThat(plan(asRole()).refusals())
        .singleElement()
        .matches(refusal -> refusal.object().equals("postgres.target"))
        .matches(refusal -> refusal.reason().contains("up to 7 at a time"));

    target.inMaintenance("ALTER ROLE %s CONNECTION LIMIT 10".formatted(role));
    PlanFindings plan = plan(asRole());
    assertThat(plan.refusals()).isEmpty();
    assertThat(plan.warnings())
        .anyMatch(
            warning ->
                warning.object().equals("postgres.target")
                    && warning.message().contains("little is left"));
  }

  @Test
  void aLimitThatIsReachedIsNamedOnBothSides() throws SQLException {
    source.inMaintenance(
        "CREATE ROLE %s LOGIN PASSWORD 'secret'".formatted(role),
        "ALTER DATABASE %s CONNECTION LIMIT 0".formatted(source.name()));
    target.inMaintenance(
        "CREATE ROLE %s LOGIN CREATEDB PASSWORD 'secret' CONNECTION LIMIT 0".formatted(role));
    PostgresSpec plain =
        PostgresSpecBuilder.rows(source.specAs(role), target.specAs(role)).parallelism(2).build();

    assertThat(plan(context(plain)).refusals())
        .extracting(Refusal::object, Refusal::remedy)
        .containsExactly(
            tuple(
                "postgres.source",
                "The database's CONNECTION LIMIT is reached. Raise it (ALTER DATABASE ..."
                    + " CONNECTION LIMIT), or end sessions in that database."),
            tuple(
                "postgres.target",
                "The user's CONNECTION LIMIT is reached. Raise it (ALTER ROLE ... CONNECTION"
                    + " LIMIT), or end sessions of that user."));
  }

  private MigrationContext asRole() {
    return context(spec(target.specAs(role), List.of()));
  }
}

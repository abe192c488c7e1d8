package com.matih.tenantmigration.activities.postgres.rehearsal;

import com.matih.tenantmigration.activities.engine.ProgressMonitor;
import com.matih.tenantmigration.activities.postgres.TestDatabase;
import com.matih.tenantmigration.activities.postgres.TestObjects;
import com.matih.tenantmigration.activities.postgres.TestRequests;
import com.matih.tenantmigration.activities.postgres.client.PostgresConnections;
import com.matih.tenantmigration.activities.postgres.plan.PostgresPlanner;
import com.matih.tenantmigration.activities.postgres.programs.ClientPrograms;
import com.matih.tenantmigration.activities.postgres.requestsql.QuerySessions;
import com.matih.tenantmigration.activities.testing.PostgresSpecBuilder;
import com.matih.tenantmigration.activities.testing.TestJournal;
import com.matih.tenantmigration.embedded.testing.TestServers;
import com.matih.tenantmigration.workflow.MigrationContext;
import com.matih.tenantmigration.workflow.report.PlanFindings;
import com.matih.tenantmigration.workflow.request.PostgresSpec;
import java.sql.SQLException;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** A shared database with the schema {@code shared}, and plans that move the tenant acme. */
public abstract class RehearsalLab {

  protected static final PostgresConnections CONNECTIONS =
      TestDatabase.connections(TestServers.postgres(), TestServers.dedicatedPostgres());

  protected final String migrationId = TestJournal.newMigrationId();
  protected final TestDatabase target = TestDatabase.named(TestServers.dedicatedPostgres());
  protected TestDatabase source;

  @BeforeEach
  void createSource() throws SQLException {
    source = TestDatabase.create(TestServers.postgres());
    source.execute("CREATE SCHEMA shared");
  }

  @AfterEach
  void dropDatabases() throws SQLException {
    source.close();
    target.close();
  }

  /** Runs statements whose bare names are the schema's. */
  protected final void inShared(String... statements) throws SQLException {
    for (String statement : statements) {
      source.execute("SET search_path = shared, public; " + statement);
    }
  }

  protected final PostgresSpec spec(PostgresSpec.Database to, List<String> referenceTables) {
    return PostgresSpecBuilder.rows(source.spec(), to)
        .referenceTables(referenceTables)
        .parallelism(2)
        .build();
  }

  protected final MigrationContext context(PostgresSpec spec) {
    return TestRequests.context(migrationId, TestRequests.withPostgres(spec));
  }

  protected final PlanFindings plan() {
    return plan(List.of());
  }

  protected final PlanFindings plan(List<String> referenceTables) {
    return plan(context(spec(target.spec(), referenceTables)));
  }

  protected final PlanFindings plan(MigrationContext context) {
    return plan(context, ProgressMonitor.unmonitored());
  }

  protected final PlanFindings plan(MigrationContext context, ProgressMonitor monitor) {
    return new PostgresPlanner(
            CONNECTIONS,
            new ClientPrograms(),
            new QuerySessions(CONNECTIONS, null),
            TestObjects.ALL)
        .plan(context, monitor);
  }

  /** The scratch databases of this test's id, and of others. */
  protected final List<String> scratchDatabases(String id) throws SQLException {
    return target.inMaintenanceQuery(
        "SELECT datname FROM pg_database WHERE datname = '%s'"
            .formatted(ScratchDatabase.nameOf(id)));
  }
}

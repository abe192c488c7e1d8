package com.matih.tenantmigration.activities.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.matih.tenantmigration.activities.postgres.programs.ClientPrograms;
import com.matih.tenantmigration.activities.testing.PostgresSpecBuilder;
import com.matih.tenantmigration.activities.testing.TestGuard;
import com.matih.tenantmigration.activities.testing.TestJournal;
import com.matih.tenantmigration.embedded.testing.TestServers;
import com.matih.tenantmigration.workflow.FailureType;
import com.matih.tenantmigration.workflow.MigrationContext;
import com.matih.tenantmigration.workflow.MigrationException;
import com.matih.tenantmigration.workflow.report.RollbackStep;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What moved along from a schema that tenants share goes with the rest when it is undone. */
class SharedSchemaRollbackIT {

  private static final String ALL_OBJECTS =
      """
      SELECT n.nspname || '.' || o.name
        FROM (SELECT relnamespace AS schema, relname AS name FROM pg_class
              UNION ALL SELECT typnamespace, typname FROM pg_type
              UNION ALL SELECT pronamespace, proname FROM pg_proc) o
        JOIN pg_namespace n ON n.oid = o.schema
       WHERE n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
       UNION ALL
      SELECT nspname FROM pg_namespace
       WHERE nspname !~ '^pg_' AND nspname NOT IN ('information_schema', 'public')
      """;

  private static final String SHARED_OBJECTS =
      "SELECT md5(string_agg(x::text, '' ORDER BY x::text COLLATE \"C\")) FROM (%s) x"
          .formatted(ALL_OBJECTS);

  @TempDir private Path folder;
  private TestDatabase source;
  private TestDatabase target;
  private String sharedSide;
  private EngineChain chain;

  @BeforeEach
  void prepare() throws SQLException {
    source = TestDatabase.create(TestServers.postgres());
    target = TestDatabase.named(TestServers.dedicatedPostgres());
    source.execute(SharedSchemaIT.PLATFORM);
    for (String tenant : List.of("acme", "globex")) {
      for (String statement : SharedSchemaIT.TENANT) {
        source.execute(statement.formatted(tenant));
      }
    }
    sharedSide = source.query(SHARED_OBJECTS).get(0);
    chain = chain();
  }

  @AfterEach
  void drop() throws SQLException {
    source.close();
    target.close();
  }

  @Test
  void aRollbackAfterTheCopyLeavesNothing() throws SQLException {
    chain.copy();
    assertThat(target.query("SELECT count(*) FROM public.countries")).containsExactly("2");

    assertThat(chain.rollBack(TestGuard.permitting()).status()).isEqualTo(RollbackStep.Status.DONE);

    assertThat(
            target.inMaintenanceQuery(
                "SELECT datname FROM pg_database WHERE datname LIKE '%s%%'"
                    .formatted(target.name())))
        .isEmpty();
    assertSharedSideIsAsBefore();
  }

  @Test
  void aDatabaseThatWasThereIsEmptiedAlsoWhereTheFirstRollbackWasIncomplete() throws SQLException {
    target.inMaintenance("CREATE DATABASE " + target.name());
    chain.copy();
    assertThat(target.query(ALL_OBJECTS)).contains("public.countries", "public.plan", "acme");

    assertThatThrownBy(() -> chain.rollBack(TestGuard.refusing()))
        .isInstanceOfSatisfying(
            MigrationException.class,
            e -> assertThat(e.type()).isEqualTo(FailureType.TENANT_IS_LIVE));
    assertThat(target.query("SELECT count(*) FROM public.countries")).containsExactly("2");

    assertThat(chain.rollBack(TestGuard.permitting()).status()).isEqualTo(RollbackStep.Status.DONE);
    assertThat(target.query(ALL_OBJECTS)).isEmpty();
    assertSharedSideIsAsBefore();

    assertThat(chain.rollBack(TestGuard.permitting()).status())
        .isEqualTo(RollbackStep.Status.NOT_NEEDED);
    target.execute("CREATE TABLE public.usable (id int)");
  }

  /** Objects, the fence above all; and the tenant can write. */
  private void assertSharedSideIsAsBefore() throws SQLException {
    assertThat(source.query(SHARED_OBJECTS)).containsExactly(sharedSide);
    source.execute("UPDATE acme.customers SET note = 'again'");
  }

  private EngineChain chain() {
    MigrationContext context =
        TestRequests.context(
            TestJournal.newMigrationId(),
            TestRequests.withPostgres(
                PostgresSpecBuilder.schema(source.spec(), target.spec())
                    .sourceSchema("acme")
                    .targetSchema("acme")
                    .referenceTables(List.of("public.continents", "public.countries"))
                    .parallelism(2)
                    .build()));
    return new EngineChain(
        TestDatabase.connections(TestServers.postgres(), TestServers.dedicatedPostgres()),
        new ClientPrograms(),
        context,
        folder);
  }
}

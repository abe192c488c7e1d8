package com.matih.tenantmigration.activities.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import com.matih.tenantmigration.activities.engine.ProgressMonitor;
import com.matih.tenantmigration.activities.postgres.client.PostgresConnections;
import com.matih.tenantmigration.activities.postgres.compare.TableComparison;
import com.matih.tenantmigration.activities.postgres.fence.WriteFence;
import com.matih.tenantmigration.activities.testing.TestJournal;
import com.matih.tenantmigration.embedded.testing.TestServers;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tables that inherit from a moving one and do not move: left out, or another tenant's. */
class InheritanceBesidesIT {

  private final PostgresConnections connections =
      TestDatabase.connections(TestServers.postgres(), TestServers.dedicatedPostgres());

  @TempDir private Path folder;

  @Test
  void aChildThatStaysNeitherMovesNorHoldsTheFence() throws SQLException {
    try (CopyLab lab = CopyLab.rows(folder, "shared", List.of(), List.of("archive"), List.of())) {
      lab.source.execute(
          "CREATE SCHEMA shared",
          "CREATE TABLE shared.orders (id int PRIMARY KEY, tenant_id text NOT NULL)",
          "CREATE TABLE shared.archive (PRIMARY KEY (id)) INHERITS (shared.orders)",
          "INSERT INTO shared.orders VALUES (1, 'acme'), (2, 'globex')",
          "INSERT INTO shared.archive VALUES (1, 'acme'), (3, 'acme')");
      WriteFence fence = new WriteFence(connections, TestJournal.shared(), FenceLab.SHORT);
      try (Connection writer = lab.source.connect()) {
        writer.setAutoCommit(false);
        TestDatabase.execute(writer, "INSERT INTO shared.archive VALUES (4, 'acme')");

        fence.raise(lab.context, ProgressMonitor.unmonitored());
        fence.release(lab.context);
        fence.remove(lab.context, ProgressMonitor.unmonitored());
        writer.rollback();
      }

      lab.migrate();

      assertThat(lab.target.query("SELECT id FROM public.orders")).containsExactly("1");
      assertThat(lab.target.query("SELECT to_regclass('public.archive')::text"))
          .containsExactly("null");
      assertThat(
              new TableComparison(connections, context -> lab.snapshot)
                  .rows(lab.context, ProgressMonitor.unmonitored())
                  .values())
          .allMatch(finding -> finding.namedMismatches().isEmpty());
    }
  }

  @Test
  void aSharedTableThatEachTenantsSchemaInheritsFromMovesAlong() throws SQLException {
    try (CopyLab lab =
        CopyLab.ownSchema(folder, "t_acme", "t_acme", List.of("public.items"), Map.of())) {
      lab.source.execute(
          "CREATE SCHEMA t_acme",
          "CREATE SCHEMA t_globex",
          "CREATE TABLE public.items (id int PRIMARY KEY, label text)",
          "CREATE TABLE t_acme.items (PRIMARY KEY (id)) INHERITS (public.items)",
          "CREATE TABLE t_globex.items (PRIMARY KEY (id)) INHERITS (public.items)",
          "CREATE TABLE t_acme.special (price int) INHERITS (t_acme.items)",
          "INSERT INTO public.items VALUES (1, 'template'), (2, 'other template')",
          "INSERT INTO t_acme.items VALUES (1, 'ours'), (3, 'ours too')",
          "INSERT INTO t_globex.items VALUES (1, 'theirs'), (4, 'secret')",
          "INSERT INTO t_acme.special VALUES (1, 'special', 9)");

      lab.migrate();

      assertThat(lab.target.query("SELECT label FROM ONLY public.items ORDER BY id"))
          .containsExactly("template", "other template");
      assertThat(lab.target.query("SELECT label FROM ONLY t_acme.items ORDER BY id"))
          .containsExactly("ours", "ours too");
      assertThat(lab.target.query("SELECT label FROM public.items ORDER BY 1"))
          .containsExactly("other template", "ours", "ours too", "special", "template");
      assertThat(
              new TableComparison(connections, context -> lab.snapshot)
                  .rows(lab.context, ProgressMonitor.unmonitored())
                  .values())
          .allMatch(finding -> finding.namedMismatches().isEmpty());
    }
  }
}

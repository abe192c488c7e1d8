package com.matih.tenantmigration.activities.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.matih.tenantmigration.activities.engine.Finding;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Rows that a tenant changes while it moves, few enough to follow each. */
class OnlineRowsIT {

  private static final long RANGE_BYTES = 16 << 10;

  @TempDir Path folder;

  /**
   * What hangs on a row comes and goes with it and is not written itself: a cascade deletes it when
   * its parent cannot be seen any more, and a parent that changes its tenant takes it along.
   */
  @Test
  void whatHangsOnRowsComesAndGoesWithThemWhateverHasAKey() throws Exception {
    try (CopyLab lab = lab()) {
      lab.source.execute(
          "CREATE TABLE app.folder (id bigint PRIMARY KEY, tenant_id text NOT NULL,"
              + " name text UNIQUE DEFERRABLE)",
          "CREATE TABLE app.page (id bigint PRIMARY KEY,"
              + " folder_id bigint NOT NULL REFERENCES app.folder ON DELETE CASCADE)",
          "CREATE TABLE app.label (folder_id bigint NOT NULL REFERENCES app.folder"
              + " ON DELETE CASCADE, text text)",
          "CREATE TABLE app.nokey (id bigint NOT NULL UNIQUE, tenant_id text NOT NULL)",
          "CREATE TABLE app.below_nokey (id bigint PRIMARY KEY,"
              + " nokey_id bigint NOT NULL REFERENCES app.nokey (id) ON DELETE CASCADE)",
          "INSERT INTO app.folder SELECT n, CASE WHEN n <= 5 THEN 'acme' ELSE 'globex' END, n::text"
              + " FROM generate_series(1, 9) n",
          "INSERT INTO app.page SELECT id * 10 + k, id FROM app.folder, generate_series(0, 2) k",
          "INSERT INTO app.label SELECT id, 'label ' || k FROM app.folder, generate_series(0, 2) k",
          "INSERT INTO app.nokey SELECT id, tenant_id FROM app.folder",
          "INSERT INTO app.below_nokey SELECT id, folder_id FROM app.page");
      OnlineLab online = copied(lab);
      for (String parent : List.of("folder", "nokey")) {
        lab.source.execute(
            "DELETE FROM app.%s WHERE id = 1".formatted(parent),
            "UPDATE app.%s SET tenant_id = 'globex' WHERE id = 2".formatted(parent),
            "UPDATE app.%s SET tenant_id = 'acme' WHERE id = 8".formatted(parent));
      }
      drain(online);

      for (String table : List.of("page", "label", "below_nokey")) {
        String owner = table.equals("below_nokey") ? "nokey" : "folder";
        assertThat(lab.target.query("SELECT t::text FROM %s t ORDER BY 1".formatted(table)))
            .as(table)
            .isEqualTo(
                lab.source.query(
                    "SELECT t::text FROM app.%1$s t JOIN app.%2$s o ON o.id = t.%2$s_id"
                            .formatted(table, owner)
                        + " WHERE o.tenant_id = 'acme' ORDER BY 1"))
            .hasSize(12);
      }
      assertThat(online.compareFrozen().namedMismatches()).isEmpty();
    }
  }

  /** As after a restore, or when a standby takes over that had not received all. */
  @Test
  void aDedicatedServerThatHasLostARoundIsNoticed() throws Exception {
    try (CopyLab lab = lab()) {
      lab.source.execute(
          "CREATE TABLE app.orders (id bigint PRIMARY KEY, tenant_id text NOT NULL, total int)",
          "INSERT INTO app.orders SELECT n, 'acme', n FROM generate_series(1, 100) AS n");
      OnlineLab online = new OnlineLab(lab);
      online.capture();
      online.copy(RANGE_BYTES);
      online.finish();
      lab.source.execute("UPDATE app.orders SET total = 0 WHERE id = 1");
      online.follow();

      changeLastRound(lab, "- 1");
      assertThatThrownBy(online::follow)
          .hasMessageContaining("lacks changes that were carried over");

      changeLastRound(lab, "+ 1");
      online.raiseFence();
      online.drain();
      assertThat(online.quiet().namedMismatches()).isEmpty();
      changeLastRound(lab, "- 1");
      assertThat(online.quiet().namedMismatches())
          .singleElement()
          .asString()
          .contains("lacks changes that were carried over");
    }
  }

  private static void changeLastRound(CopyLab lab, String by) throws SQLException {
    lab.target.execute(
        "SET default_transaction_read_only = off",
        "UPDATE tenant_migration.round SET number = number " + by);
  }

  @Test
  void whatWasNotCapturedShowsOnTheFrozenSide() throws Exception {
    try (CopyLab lab = lab()) {
      lab.source.execute(
          "CREATE TABLE app.orders (id bigint PRIMARY KEY, tenant_id text NOT NULL, total int,"
              + " twice int GENERATED ALWAYS AS (total * 2) STORED)",
          "CREATE TABLE app.item (order_id bigint REFERENCES app.orders ON DELETE CASCADE,"
              + " number int, note text, PRIMARY KEY (order_id, number))",
          "CREATE TABLE app.line (tenant_id text NOT NULL, day int NOT NULL, text text)"
              + " PARTITION BY RANGE (day)",
          "CREATE TABLE app.line_early PARTITION OF app.line FOR VALUES FROM (0) TO (50)",
          "CREATE TABLE app.line_late PARTITION OF app.line FOR VALUES FROM (50) TO (100)",
          "INSERT INTO app.orders SELECT n, CASE WHEN n <= 500 THEN 'acme' ELSE 'globex' END, n"
              + " FROM generate_series(1, 700) n",
          "INSERT INTO app.item SELECT id, k, repeat('x', k) FROM app.orders, generate_series(1, 3) k",
          "INSERT INTO app.line SELECT 'acme', n, 'line ' || n FROM generate_series(0, 99) n");
      OnlineLab online = copied(lab);
      lab.source.execute(
          "UPDATE app.orders SET total = 0 WHERE id = 1",
          "DELETE FROM app.orders WHERE id = 2",
          "UPDATE app.line SET day = 99 WHERE day = 3");
      drain(online);
      lab.target.execute("UPDATE orders SET total = 7", "DELETE FROM line WHERE day < 20");
      Finding equal = online.compareFrozen();
      assertThat(equal.namedMismatches()).isEmpty();
      assertThat(equal.comparedCount()).isEqualTo(499 + 499 * 3 + 100);

      lab.source.execute(
          "DROP SCHEMA tenant_migration_fence CASCADE",
          "UPDATE app.orders SET total = 1 WHERE id IN (1, 3)",
          "DELETE FROM app.item WHERE order_id = 4 AND number = 2",
          "INSERT INTO app.line VALUES ('acme', 1, 'late'), ('globex', 1, 'a neighbour')");

      Finding frozen = online.compareFrozen();

      assertThat(frozen.namedMismatches())
          .containsExactlyInAnyOrder(
              "app.orders: row '1' differs",
              "app.orders: row '3' differs",
              "app.item: row '4','2' has no source",
              "app.line: row 'acme','1','late' is missing");
      assertThat(frozen.comparedCount()).isGreaterThan(499);
    }
  }

  private CopyLab lab() throws SQLException {
    CopyLab lab = CopyLab.rows(folder, "app", List.of(), List.of(), List.of());
    try (Connection connection = lab.source.connect()) {
      TestDatabase.execute(connection, "CREATE SCHEMA app");
    }
    return lab;
  }

  private static OnlineLab copied(CopyLab lab) throws SQLException {
    OnlineLab online = new OnlineLab(lab);
    online.capture();
    online.copy(RANGE_BYTES);
    online.finish();
    return online;
  }

  private static void drain(OnlineLab online) {
    online.follow();
    assertPassed(online.verify().values());
    assertPassed(List.of(online.leak()));
    online.raiseFence();
    assertPassed(online.drain().values());
    online.open();
    online.validateKeys();
  }

  private static void assertPassed(Iterable<Finding> findings) {
    findings.forEach(finding -> assertThat(finding.namedMismatches()).isEmpty());
  }
}

package com.matih.tenantmigration.activities.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import com.matih.tenantmigration.activities.postgres.client.DatabaseAccess;
import com.matih.tenantmigration.jdbc.Sql;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A dedicated server that loses its last commits when it crashes, by its own settings. */
class DurableCommitsIT {

  @TempDir Path folder;
  private CopyLab lab;

  @BeforeEach
  void prepare() throws SQLException {
    lab = CopyLab.rows(folder, "shared", List.of(), List.of(), List.of());
  }

  @AfterEach
  void close() throws SQLException {
    lab.close();
  }

  @Test
  void whatAMigrationCommitsOutlivesACrash() throws SQLException {
    setDefault("off");

    assertThat(ofMigration()).isEqualTo("on");
  }

  @Test
  void commitsThatWaitForAReplicaGoOnDoingSo() throws SQLException {
    setDefault("remote_apply");

    assertThat(ofMigration()).isEqualTo("remote_apply");
  }

  private void setDefault(String synchronousCommit) throws SQLException {
    lab.target.execute(
        "DO $$ BEGIN EXECUTE format('ALTER DATABASE %%I SET synchronous_commit = %s',"
                .formatted(synchronousCommit)
            + " current_database()); END $$");
  }

  private String ofMigration() throws SQLException {
    DatabaseAccess target = lab.targetAccess();
    try (Connection connection = target.openForWrites("commit")) {
      return Sql.text(connection, "SHOW synchronous_commit").orElseThrow();
    }
  }
}

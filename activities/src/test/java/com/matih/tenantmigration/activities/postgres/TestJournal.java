package com.matih.tenantmigration.activities.postgres;

import com.matih.tenantmigration.controlplane.ControlPlane;
import com.matih.tenantmigration.controlplane.MigrationJournal;
import com.matih.tenantmigration.embedded.testing.TestServers;
import java.sql.SQLException;
import java.util.HexFormat;
import java.util.concurrent.ThreadLocalRandom;

/** A control plane of one test class, whose journal engines write. */
public final class TestJournal implements AutoCloseable {

  private final TestDatabase database;
  private final ControlPlane controlPlane;

  public TestJournal() throws SQLException {
    database = TestDatabase.create(TestServers.postgres());
    controlPlane =
        ControlPlane.open(
            TestServers.postgres().jdbcUrl(database.name()),
            TestServers.postgres().user(),
            TestServers.postgres().password());
    controlPlane.upgrade();
  }

  public MigrationJournal journal() {
    return controlPlane.journal();
  }

  /** A migration's id that no other test uses. */
  public static String newMigrationId() {
    byte[] random = new byte[6];
    ThreadLocalRandom.current().nextBytes(random);
    return HexFormat.of().formatHex(random);
  }

  @Override
  public void close() throws SQLException {
    controlPlane.close();
    database.close();
  }
}

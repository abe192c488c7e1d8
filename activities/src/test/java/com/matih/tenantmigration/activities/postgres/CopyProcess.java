package com.matih.tenantmigration.activities.postgres;

import com.matih.tenantmigration.activities.engine.ProgressMonitor;
import com.matih.tenantmigration.activities.engine.snapshot.FileSnapshotStorage;
import com.matih.tenantmigration.activities.engine.snapshot.SnapshotStorage;
import com.matih.tenantmigration.activities.postgres.catalog.TenantCatalog;
import com.matih.tenantmigration.activities.postgres.catalog.TenantTable;
import com.matih.tenantmigration.activities.postgres.client.DatabaseAccess;
import com.matih.tenantmigration.activities.postgres.client.PostgresConnections;
import com.matih.tenantmigration.activities.postgres.copy.RowCopier;
import com.matih.tenantmigration.activities.postgres.programs.ClientPrograms;
import com.matih.tenantmigration.activities.testing.PostgresSpecBuilder;
import com.matih.tenantmigration.activities.testing.TestSecrets;
import com.matih.tenantmigration.workflow.MigrationContext;
import com.matih.tenantmigration.workflow.request.PostgresSpec;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.sql.Connection;
import java.util.List;

/** A process that copies, to be killed; it notes each part of the snapshot that it begins. */
final class CopyProcess {

  private CopyProcess() {}

  /** The request of {@link CopyLab#rows} with one user and one server a side. */
  public static void main(String[] arguments) throws Exception {
    PostgresSpec spec =
        PostgresSpecBuilder.rows(
                new PostgresSpec.Database(arguments[0], "postgres", "${env:SHARED}"),
                new PostgresSpec.Database(arguments[1], "postgres", "${env:DEDICATED}"))
            .parallelism(3)
            .build();
    MigrationContext context =
        TestRequests.context(arguments[2], TestRequests.request("acme", spec, null, List.of()));
    PostgresConnections connections = new PostgresConnections(TestSecrets.of(System::getenv));
    List<TenantTable> tables;
    try (Connection source = DatabaseAccess.source(connections, context).open("tables")) {
      tables = TenantCatalog.read(source, context.request()).requireMovable();
    }
    var unused =
        new RowCopier(connections, new ClientPrograms(), Long.parseLong(arguments[3]))
            .copy(
                context,
                tables,
                new Noting(FileSnapshotStorage.at(arguments[4]), Path.of(arguments[5])),
                ProgressMonitor.unmonitored());
  }

  /** A slow storage. */
  private record Noting(SnapshotStorage storage, Path log) implements SnapshotStorage {

    private static final long MILLIS = 50;

    @Override
    public String location() {
      return storage.location();
    }

    @Override
    public OutputStream write(String name) {
      try {
        Files.writeString(log, name + "\n", StandardOpenOption.CREATE, StandardOpenOption.APPEND);
        Thread.sleep(MILLIS);
      } catch (IOException e) {
        throw new IllegalStateException(e);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
      return storage.write(name);
    }

    @Override
    public InputStream read(String name) {
      return storage.read(name);
    }

    @Override
    public boolean exists(String name) {
      return storage.exists(name);
    }
  }
}

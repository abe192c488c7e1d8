package com.matih.tenantmigration.activities.engine.snapshot;

import com.matih.tenantmigration.workflow.MigrationContext;

/** Picks a snapshot's storage by the scheme of the request's location. */
public final class SnapshotStorages implements SnapshotStorage.Provider {

  private final SnapshotStorage.Provider objectStorage;

  /**
   * Files are stored by this class' own means.
   *
   * @param objectStorage takes the locations that are not files
   */
  public SnapshotStorages(SnapshotStorage.Provider objectStorage) {
    this.objectStorage = objectStorage;
  }

  @Override
  public SnapshotStorage forMigration(MigrationContext context) {
    String location = context.request().snapshot().location();
    return location.startsWith(FileSnapshotStorage.SCHEME)
        ? FileSnapshotStorage.below(location, context.tenant(), context.migrationId())
        : objectStorage.forMigration(context);
  }
}

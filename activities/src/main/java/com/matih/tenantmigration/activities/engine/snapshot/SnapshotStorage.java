package com.matih.tenantmigration.activities.engine.snapshot;

import com.matih.tenantmigration.workflow.FailureType;
import com.matih.tenantmigration.workflow.MigrationContext;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;

/**
 * The folder of one migration's snapshot, on a file system that all workers share or in a bucket.
 *
 * <p>All methods throw {@link com.matih.tenantmigration.workflow.MigrationException} where the
 * storage cannot be used.
 */
public interface SnapshotStorage {

  /** Where the snapshot lies, as the request names locations: {@code file:/…} or {@code s3://…}. */
  String location();

  /**
   * Writes one file of the snapshot in place of an earlier one of that name. It is there, whole,
   * once the stream is closed; a stream that is never closed leaves nothing that can be read under
   * that name.
   *
   * @param name a relative name with {@code /} between its parts
   */
  OutputStream write(String name);

  /** Reads one file of the snapshot. */
  InputStream read(String name);

  boolean exists(String name);

  /**
   * What kind of failure it is that a stream of this storage threw.
   *
   * @param writing whether the stream was one that writes
   */
  default FailureType typeOf(IOException e, boolean writing) {
    return FailureType.STORE_ERROR;
  }

  /** Finds the storage that a request names. */
  interface Provider {

    /** The folder {@code <snapshot.location>/<tenant>/<migrationId>}. */
    SnapshotStorage forMigration(MigrationContext context);
  }
}

package com.matih.tenantmigration.activities.postgres.snapshot;

import com.matih.tenantmigration.activities.engine.snapshot.PartCompression;
import com.matih.tenantmigration.activities.engine.snapshot.SnapshotStorage;
import com.matih.tenantmigration.activities.postgres.ledger.CopyFormat;
import com.matih.tenantmigration.activities.postgres.ledger.RecordJson;
import com.matih.tenantmigration.activities.postgres.ledger.SnapshotPoint;
import com.matih.tenantmigration.workflow.FailureType;
import com.matih.tenantmigration.workflow.MigrationException;
import com.matih.tenantmigration.workflow.request.PostgresSpec.Isolation;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Stream;

/**
 * What a sealed snapshot holds; a snapshot without it is unfinished.
 *
 * @param sourceSchema the schema's name, under which a restore creates it
 * @param largeObjects files with large objects, whose parts count these instead of rows
 * @param changes what takes the place of rows of the tables, which were read while the tenant wrote
 */
public record SnapshotManifest(
    int formatVersion,
    String tenant,
    String migrationId,
    SnapshotPoint pointInTime,
    String sourceSchema,
    Isolation isolation,
    List<Table> tables,
    List<Part> largeObjects,
    List<Change> changes) {

  static final String FILE = "manifest.json";

  /** The tenant's schema alone. */
  static final int FORMAT_VERSION = 1;

  /**
   * With schemas that tenants share, whose tables are named with their schema, or with large
   * objects: a program that knows neither must not take such a snapshot for a whole one.
   */
  static final int EXTENDED_FORMAT = 2;

  /** With parts that Zstandard compressed; it may be extended or not. */
  static final int ZSTANDARD_FORMAT = 3;

  /** With changes; it may be any of the others too. */
  static final int CHANGES_FORMAT = 4;

  @SuppressWarnings("ConstantValue") // a manifest of an earlier version lacks the last ones
  public SnapshotManifest {
    tables = List.copyOf(tables);
    largeObjects = largeObjects == null ? List.of() : List.copyOf(largeObjects);
    changes = changes == null ? List.of() : List.copyOf(changes);
  }

  /** A table that holds rows itself, and the parts in which they lie. */
  public record Table(
      String table,
      List<String> columns,
      CopyFormat format,
      long rows,
      long bytes,
      List<Part> parts) {

    public Table {
      columns = List.copyOf(columns);
      parts = List.copyOf(parts);
    }
  }

  /**
   * A file that holds what COPY wrote, compressed as its name says.
   *
   * @param bytes before compression
   * @param sha256 of what COPY wrote, before compression
   */
  public record Part(String name, long rows, long bytes, String sha256) {}

  /**
   * What changed of a table, partitions included, between its read and the snapshot's point.
   *
   * @param table its name as the ledger writes it
   * @param key by which rows are found again; empty where all rows of the table are replaced
   * @param columns of the rows
   * @param gone keys of rows that are not there any more
   * @param rows that are new, or take the place of those with the same key
   */
  public record Change(
      String table,
      List<String> key,
      List<String> columns,
      CopyFormat format,
      Part gone,
      Part rows) {

    public Change {
      key = List.copyOf(key);
      columns = List.copyOf(columns);
    }

    /** Whether no row of the table that was read before counts. */
    public boolean replacesAll() {
      return key.isEmpty();
    }
  }

  /** The lowest format of a snapshot that holds this: an earlier program would misread it. */
  static int formatOf(
      SnapshotPoint taken, List<Table> tables, List<Part> largeObjects, List<Change> changes) {
    if (!changes.isEmpty()) {
      return CHANGES_FORMAT;
    }
    boolean hasZstandard =
        Stream.concat(tables.stream().flatMap(t -> t.parts().stream()), largeObjects.stream())
            .anyMatch(part -> PartCompression.of(part.name()) == PartCompression.ZSTANDARD);
    if (hasZstandard) {
      return ZSTANDARD_FORMAT;
    }
    return taken.sharedSchemas().isEmpty() && largeObjects.isEmpty()
        ? FORMAT_VERSION
        : EXTENDED_FORMAT;
  }

  public void write(SnapshotStorage storage) {
    try (OutputStream output = storage.write(FILE)) {
      output.write(RecordJson.write(this).getBytes(StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw SnapshotFiles.failure(storage, FILE, SnapshotFiles.WRITTEN, e);
    }
  }

  /**
   * Reads a sealed snapshot's manifest.
   *
   * @throws MigrationException of type BAD_REQUEST where there is none, or one of a version that
   *     this program does not know
   */
  public static SnapshotManifest read(SnapshotStorage storage) {
    if (!storage.exists(FILE)) {
      throw new MigrationException(
          FailureType.BAD_REQUEST,
          ("There is no sealed snapshot at %s: %s is missing. Name the folder of a"
                  + " migration that reached VERIFY.")
              .formatted(storage.location(), FILE));
    }
    SnapshotManifest manifest;
    try (InputStream input = storage.read(FILE)) {
      manifest =
          RecordJson.read(
              new String(input.readAllBytes(), StandardCharsets.UTF_8),
              SnapshotManifest.class,
              "The file %s of the snapshot %s".formatted(FILE, storage.location()));
    } catch (IOException e) {
      throw SnapshotFiles.failure(storage, FILE, SnapshotFiles.READ, e);
    }
    if (manifest.formatVersion() < FORMAT_VERSION || manifest.formatVersion() > CHANGES_FORMAT) {
      throw new MigrationException(
          FailureType.BAD_REQUEST,
          ("The snapshot %s has format %d, but this program reads formats %d to %d. Use the"
                  + " version of the program that wrote it.")
              .formatted(
                  storage.location(), manifest.formatVersion(), FORMAT_VERSION, CHANGES_FORMAT));
    }
    return manifest;
  }
}

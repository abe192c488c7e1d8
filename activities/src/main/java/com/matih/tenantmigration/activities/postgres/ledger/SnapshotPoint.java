package com.matih.tenantmigration.activities.postgres.ledger;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The state of the shared database, after the fence, that a snapshot holds; its size grows with the
 * schema and not with the tenant.
 *
 * @param at when, by the server's clock, in ISO 8601
 * @param walPosition the server's position in its log ({@code pg_current_wal_lsn})
 * @param transactions which transactions had ended ({@code pg_current_snapshot})
 * @param serverVersion the server's version number, such as 150004
 * @param archive the name of the schema's archive in the snapshot
 * @param archiveList the name of the archive's list of contents without what must not travel
 * @param extensions what the schema's objects need
 * @param sequences where the sequences stood
 * @param materializedViews the views that held data, unqualified
 * @param casts the statements that create the casts of the schema's types, which belong to no
 *     schema and are in no archive of one
 * @param sharedSchemas schemas that tenants share, of which something moves along
 * @param lateChecks CHECK constraints that are added after all rows
 * @param settings of the source's database on which the schema's expressions may depend
 */
public record SnapshotPoint(
    String at,
    String walPosition,
    String transactions,
    int serverVersion,
    SnapshotFile archive,
    SnapshotFile archiveList,
    List<Extension> extensions,
    List<Sequence> sequences,
    List<String> materializedViews,
    List<String> casts,
    List<SharedSchema> sharedSchemas,
    List<LateCheck> lateChecks,
    Map<String, String> settings) {

  @SuppressWarnings("ConstantValue") // a ledger of an earlier version lacks the last four
  public SnapshotPoint {
    extensions = List.copyOf(extensions);
    sequences = List.copyOf(sequences);
    materializedViews = List.copyOf(materializedViews);
    casts = casts == null ? List.of() : List.copyOf(casts);
    sharedSchemas = sharedSchemas == null ? List.of() : List.copyOf(sharedSchemas);
    lateChecks = lateChecks == null ? List.of() : List.copyOf(lateChecks);
    settings = settings == null ? Map.of() : Map.copyOf(settings);
  }

  /** The same with other files. */
  public SnapshotPoint storedAs(SnapshotFile storedArchive, SnapshotFile storedList) {
    return new SnapshotPoint(
        at,
        walPosition,
        transactions,
        serverVersion,
        storedArchive,
        storedList,
        extensions,
        sequences,
        materializedViews,
        casts,
        sharedSchemas,
        lateChecks,
        settings);
  }

  /**
   * The same schema at a later point.
   *
   * @param later the point, of which all but the schema's parts counts
   */
  public SnapshotPoint at(SnapshotPoint later) {
    return new SnapshotPoint(
        later.at,
        later.walPosition,
        later.transactions,
        serverVersion,
        archive,
        archiveList,
        extensions,
        later.sequences,
        materializedViews,
        casts,
        later.sharedSchemas,
        lateChecks,
        settings);
  }

  /** The names of {@link #sharedSchemas}. */
  public List<String> sharedSchemaNames() {
    return sharedSchemas.stream().map(SharedSchema::name).toList();
  }

  /** A file of the snapshot and its digest. */
  public record SnapshotFile(String name, String sha256) {}

  /**
   * An extension and the schema in which its objects lie.
   *
   * @param suspected whether only the text of a function names something of it, so that it is
   *     created where that is possible
   */
  public record Extension(String name, String schema, boolean suspected) {}

  /**
   * A CHECK constraint that may read other tables than its own.
   *
   * @param definition as SQL, with all names qualified
   */
  public record LateCheck(
      String schema, String table, String name, String definition, @Nullable String comment) {}

  /** A schema that tenants share, with the sequences of it that move along. */
  public record SharedSchema(String name, List<Sequence> sequences) {

    public SharedSchema {
      sequences = List.copyOf(sequences);
    }
  }

  /**
   * A sequence.
   *
   * @param called whether the value was handed out, so that the next one follows it
   * @param definition the options of CREATE SEQUENCE, for one that came after the archive was
   *     taken; empty if the archive is sure to have it
   */
  public record Sequence(String name, long value, boolean called, String definition) {

    @SuppressWarnings("ConstantValue") // a ledger of an earlier version lacks the last
    public Sequence {
      definition = definition == null ? "" : definition;
    }
  }
}

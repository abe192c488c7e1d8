package com.matih.tenantmigration.activities.postgres.schema;

import com.matih.tenantmigration.activities.postgres.client.DatabaseAccess;
import com.matih.tenantmigration.activities.postgres.ledger.SnapshotPoint;
import com.matih.tenantmigration.activities.postgres.ledger.SnapshotPoint.Sequence;
import com.matih.tenantmigration.activities.postgres.ledger.SnapshotPoint.SharedSchema;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * The schemas of a dedicated database that hold what the tenant's schema uses of schemas that
 * tenants share; they keep their names.
 */
public final class SharedSchemas {

  private SharedSchemas() {}

  /** Makes sure that the tenant's schema and these stand and are empty. */
  public static void prepare(Connection connection, String tenantSchema, SnapshotPoint taken)
      throws SQLException {
    DedicatedSchema.makeEmpty(connection, tenantSchema);
    for (SharedSchema shared : taken.sharedSchemas()) {
      DedicatedSchema.makeEmpty(connection, shared.name());
    }
  }

  /** Sets all sequences, in parts that may be a transaction each. */
  public static List<DatabaseAccess.Action> setSequences(String tenantSchema, SnapshotPoint taken) {
    List<DatabaseAccess.Action> parts = new ArrayList<>(inParts(tenantSchema, taken.sequences()));
    for (SharedSchema shared : taken.sharedSchemas()) {
      parts.addAll(inParts(shared.name(), shared.sequences()));
    }
    return parts;
  }

  private static List<DatabaseAccess.Action> inParts(String schema, List<Sequence> sequences) {
    return SequenceValues.parts(sequences).stream()
        .<DatabaseAccess.Action>map(
            part -> connection -> SequenceValues.set(connection, schema, part))
        .toList();
  }

  /** The names of the tenant's schema and of these. */
  public static List<String> names(String tenantSchema, SnapshotPoint taken) {
    return Stream.concat(
            Stream.of(tenantSchema), taken.sharedSchemas().stream().map(SharedSchema::name))
        .toList();
  }
}

package com.matih.tenantmigration.activities.postgres.schema;

import com.matih.tenantmigration.activities.postgres.ledger.SnapshotPoint.Sequence;
import com.matih.tenantmigration.jdbc.Sql;
import com.matih.tenantmigration.workflow.FailureType;
import com.matih.tenantmigration.workflow.MigrationException;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;

/** Sets sequences to where they stood when the snapshot was taken, which was after the fence. */
public final class SequenceValues {

  private static final String SET =
      """
      SELECT setval(c.oid::regclass, ?, ?)
        FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
       WHERE n.nspname = ? AND c.relname = ? AND c.relkind = 'S'
      """;

  private SequenceValues() {}

  public static void set(Connection connection, String schema, List<Sequence> sequences)
      throws SQLException {
    for (Sequence sequence : sequences) {
      Optional<String> set =
          Sql.text(connection, SET, sequence.value(), sequence.called(), schema, sequence.name());
      if (set.isEmpty()) {
        throw new MigrationException(
            FailureType.CONTENT_MISMATCH,
            "The sequence %s.%s is missing after the schema was restored."
                .formatted(schema, sequence.name()));
      }
    }
  }
}

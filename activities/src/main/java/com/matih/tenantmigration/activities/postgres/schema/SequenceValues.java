package com.matih.tenantmigration.activities.postgres.schema;

import com.matih.tenantmigration.activities.postgres.ledger.SnapshotPoint.Sequence;
import com.matih.tenantmigration.activities.postgres.sql.Identifiers;
import com.matih.tenantmigration.activities.postgres.sql.TableName;
import com.matih.tenantmigration.jdbc.Sql;
import com.matih.tenantmigration.workflow.FailureType;
import com.matih.tenantmigration.workflow.MigrationException;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Sets sequences to where they stood when the snapshot was taken, which was after the fence. */
public final class SequenceValues {

  private static final String SET =
      """
      SELECT v.name, CASE WHEN c.oid IS NOT NULL THEN setval(c.oid::regclass, v.value, v.called) END
        FROM unnest(?::text[], ?::bigint[], ?::boolean[]) AS v(name, value, called)
        LEFT JOIN (pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace AND n.nspname = ?)
               ON c.relname = v.name AND c.relkind = 'S'
      """;

  private static final String MISSING =
      """
      SELECT v.name FROM unnest(?::text[]) AS v(name)
       WHERE NOT EXISTS (SELECT 1 FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
                          WHERE n.nspname = ? AND c.relname = v.name AND c.relkind = 'S')
      """;

  /** A transaction keeps a lock on each sequence that it has set. */
  private static final int TOGETHER = 200;

  private SequenceValues() {}

  /** The sequences in parts, each of which may be set in one transaction. */
  public static List<List<Sequence>> parts(List<Sequence> sequences) {
    List<List<Sequence>> parts = new ArrayList<>();
    for (int i = 0; i < sequences.size(); i += TOGETHER) {
      parts.add(sequences.subList(i, Math.min(sequences.size(), i + TOGETHER)));
    }
    return parts;
  }

  /** Sets one part; creates those of it that came after the schema's archive was taken. */
  public static void set(Connection connection, String schema, List<Sequence> part)
      throws SQLException {
    createMissing(connection, schema, part);
    Sql.forEach(
        connection,
        SET,
        row -> {
          if (row.getObject(2) == null) {
            throw new MigrationException(
                FailureType.CONTENT_MISMATCH,
                "The sequence %s.%s is missing after the schema was restored."
                    .formatted(schema, row.getString(1)));
          }
        },
        Sql.array("text", part.stream().map(Sequence::name).toList()),
        Sql.array("int8", part.stream().map(Sequence::value).toList()),
        Sql.array("bool", part.stream().map(Sequence::called).toList()),
        schema);
  }

  private static void createMissing(Connection connection, String schema, List<Sequence> part)
      throws SQLException {
    List<Sequence> defined = part.stream().filter(s -> !s.definition().isEmpty()).toList();
    Set<String> missing =
        new HashSet<>(
            Sql.texts(
                connection,
                MISSING,
                Sql.array("text", defined.stream().map(Sequence::name).toList()),
                schema));
    for (Sequence sequence : defined) {
      if (missing.contains(sequence.name())) {
        Sql.execute(
            connection,
            "CREATE SEQUENCE %s %s"
                .formatted(
                    Identifiers.quote(new TableName(schema, sequence.name())),
                    sequence.definition()));
      }
    }
  }
}

package com.matih.tenantmigration.activities.postgres.copy;

import com.matih.tenantmigration.activities.engine.ProgressMonitor;
import com.matih.tenantmigration.activities.engine.snapshot.SnapshotStorage;
import com.matih.tenantmigration.activities.postgres.client.DatabaseAccess;
import com.matih.tenantmigration.activities.postgres.ledger.BuiltIndexes;
import com.matih.tenantmigration.activities.postgres.ledger.ChunkLedger;
import com.matih.tenantmigration.activities.postgres.ledger.CopiedTable;
import com.matih.tenantmigration.activities.postgres.ledger.Ledger;
import com.matih.tenantmigration.activities.postgres.ledger.SnapshotPoint;
import com.matih.tenantmigration.activities.postgres.ledger.Steps;
import com.matih.tenantmigration.activities.postgres.programs.ClientPrograms;
import com.matih.tenantmigration.activities.postgres.snapshot.IndexStatement;
import com.matih.tenantmigration.activities.postgres.snapshot.SchemaArchive;
import com.matih.tenantmigration.activities.postgres.snapshot.SnapshotTaker;
import com.matih.tenantmigration.workflow.request.MigrationRequest;
import com.matih.tenantmigration.workflow.request.Mode;
import com.matih.tenantmigration.workflow.request.PostgresSpec;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Finds the indexes that need not wait until the rows of all tables have arrived: those of large
 * tables, which take long, and that depend on nothing but their own table.
 *
 * <p>An index that calls a function may read other tables, whatever the function claims, and waits
 * with the rest. So do all where rows are still changed after the copy: storage references are
 * rewritten, or changes are carried over.
 */
final class EarlyIndexes {

  /** Building the indexes of a smaller table takes about as long as telling that it is done. */
  private static final long LARGE_BYTES = 1L << 20;

  private EarlyIndexes() {}

  /** What of a table is not built yet, and the bytes that its rows take, about. */
  record OfTable(List<IndexStatement> statements, long bytes) {
    OfTable {
      statements = List.copyOf(statements);
    }

    boolean isSlow() {
      return statements.stream().anyMatch(IndexStatement::isSlow);
    }
  }

  /**
   * How far the copy is.
   *
   * @param taken null where no table is large
   */
  private record State(@Nullable SnapshotPoint taken, Set<String> built, Map<String, Long> bytes) {}

  /** Those that are not built, by the table's name in the ledger. */
  static Map<String, OfTable> find(
      DatabaseAccess target,
      MigrationRequest request,
      SnapshotStorage storage,
      ClientPrograms programs,
      ProgressMonitor monitor) {
    PostgresSpec spec = Objects.requireNonNull(request.postgres(), "request without postgres");
    if (!spec.storageReferences().isEmpty() || request.mode() == Mode.ONLINE) {
      return Map.of();
    }
    State state = read(target);
    SnapshotPoint taken = state.taken();
    if (taken == null) {
      return Map.of();
    }
    String schema = spec.sourceSchema();
    Map<String, List<IndexStatement>> byTable = new HashMap<>();
    try (SchemaArchive archive = SchemaArchive.fetch(storage, taken, schema, programs)) {
      for (IndexStatement statement : archive.indexes(monitor)) {
        Optional<String> table =
            statement
                .plainTable()
                .map(name -> CopiedTable.nameOf(name, name.schema().equals(schema)))
                .filter(state.bytes()::containsKey);
        if (table.isPresent() && !state.built().contains(statement.number())) {
          byTable.computeIfAbsent(table.get(), name -> new ArrayList<>()).add(statement);
        }
      }
    }
    Map<String, OfTable> early = new HashMap<>();
    byTable.forEach(
        (table, statements) ->
            early.put(table, new OfTable(statements, state.bytes().getOrDefault(table, 0L))));
    return early;
  }

  private static State read(DatabaseAccess target) {
    return target.read(
        "read ledger",
        "read the ledger of",
        "the dedicated database",
        connection -> {
          boolean isFinishing = Ledger.step(connection, Steps.POST_DATA_BEGUN).isPresent();
          Map<String, Long> bytes = new HashMap<>(ChunkLedger.estimatedBytes(connection));
          bytes.values().removeIf(size -> isFinishing || size < LARGE_BYTES);
          return new State(
              bytes.isEmpty() ? null : SnapshotTaker.taken(connection),
              BuiltIndexes.numbers(connection),
              bytes);
        });
  }
}

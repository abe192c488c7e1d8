package com.matih.tenantmigration.activities.redis;

import com.matih.tenantmigration.activities.engine.DedicatedRows;
import com.matih.tenantmigration.activities.engine.ProgressMonitor;
import com.matih.tenantmigration.workflow.FailureType;
import com.matih.tenantmigration.workflow.MigrationContext;
import com.matih.tenantmigration.workflow.MigrationException;
import com.matih.tenantmigration.workflow.report.Units;
import com.matih.tenantmigration.workflow.request.RedisSpec;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Predicate;

/** Runs a loader's query on the dedicated database and hands over keys and values in batches. */
final class LoaderRows {

  private static final int BATCH = 500;
  private static final int BATCH_CHARACTERS = 4 * 1024 * 1024;

  private final DedicatedRows rows;

  LoaderRows(DedicatedRows rows) {
    this.rows = rows;
  }

  /**
   * Hands over what a loader's rows say, in their order. A row whose key or value is NULL has
   * nothing to say and is skipped.
   *
   * @param wanted which keys are wanted
   * @throws MigrationException of type BAD_REQUEST where there are rows and every one is skipped,
   *     since the query then lacks a column that the loader names; and where a key is empty
   */
  void read(
      MigrationContext context,
      RedisSpec.Loader loader,
      Predicate<String> wanted,
      ProgressMonitor monitor,
      Consumer<List<LoadedEntry>> batch) {
    Reading reading = new Reading(loader, wanted, batch);
    rows.read(
        context,
        loader.sql(),
        monitor,
        row ->
            reading.take(
                reading.pattern.render(row), Optional.ofNullable(row.get(loader.value()))));
    reading.end();
  }

  /** One run of a loader. */
  private static final class Reading {

    private final RedisSpec.Loader loader;
    private final KeyPattern pattern;
    private final Predicate<String> wanted;
    private final Consumer<List<LoadedEntry>> batch;
    private final List<LoadedEntry> waiting = new ArrayList<>();
    private long characters;
    private long seen;
    private long skipped;

    Reading(RedisSpec.Loader loader, Predicate<String> wanted, Consumer<List<LoadedEntry>> batch) {
      this.loader = loader;
      this.pattern = new KeyPattern(loader.key());
      this.wanted = wanted;
      this.batch = batch;
    }

    void take(Optional<String> key, Optional<String> value) {
      seen++;
      if (key.isEmpty() || value.isEmpty()) {
        skipped++;
        return;
      }
      if (key.get().isEmpty()) {
        throw new MigrationException(
            FailureType.BAD_REQUEST,
            ("Row %d of the loader %s gives an empty key. Correct its query, so that"
                    + " the key's columns are never all empty.")
                .formatted(seen, loader.key()));
      }
      if (!wanted.test(key.get())) {
        return;
      }
      waiting.add(new LoadedEntry(key.get(), value.get()));
      characters += value.get().length();
      if (waiting.size() >= BATCH || characters >= BATCH_CHARACTERS) {
        handOver();
      }
    }

    void end() {
      if (!waiting.isEmpty()) {
        handOver();
      }
      if (seen > 0 && skipped == seen) {
        throw new MigrationException(
            FailureType.BAD_REQUEST,
            ("The loader of %s returned %s, but none with all of the columns %s."
                    + " Correct its query or its columns.")
                .formatted(
                    loader.key(), Units.plural(seen, "row"), String.join(", ", loader.columns())));
      }
    }

    private void handOver() {
      batch.accept(List.copyOf(waiting));
      waiting.clear();
      characters = 0;
    }
  }
}

package com.matih.tenantmigration.activities.redis.loaders;

import com.matih.tenantmigration.activities.engine.DedicatedRows;
import com.matih.tenantmigration.activities.engine.ProgressMonitor;
import com.matih.tenantmigration.workflow.FailureType;
import com.matih.tenantmigration.workflow.MigrationContext;
import com.matih.tenantmigration.workflow.MigrationException;
import com.matih.tenantmigration.workflow.request.RedisSpec;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Runs a loader's query on the dedicated database and hands over keys and content in batches. */
public final class LoaderRows {

  private static final int BATCH = 500;
  private static final int BATCH_BYTES = 4 * 1024 * 1024;

  private final DedicatedRows rows;

  public LoaderRows(DedicatedRows rows) {
    this.rows = rows;
  }

  /**
   * Hands over what a loader's rows say, in their order. Each row of a string or a hash is a key;
   * rows of a list, set or sorted set that follow each other and have one key are one key. A row
   * that lacks its key or its content, because it is NULL, has nothing to say and is skipped, even
   * if every row is.
   *
   * @param wanted which keys are wanted
   * @return whether the loader may say something else when it runs again over the same rows, since
   *     it asks for the time
   * @throws MigrationException of type BAD_REQUEST where there are rows and they lack a column that
   *     the loader needs; where a key is empty or too large; and where a score is not a number
   */
  public boolean read(
      MigrationContext context,
      RedisSpec.Loader loader,
      Predicate<String> wanted,
      ProgressMonitor monitor,
      Consumer<List<LoadedEntry>> batch) {
    Reading reading = new Reading(loader, wanted, batch);
    DedicatedRows.Answer answer = rows.read(context, loader.sql(), monitor, reading::take);
    reading.end(answer.columns());
    return answer.ofTheMoment();
  }

  /** One run of a loader. */
  private static final class Reading {

    private final RedisSpec.Loader loader;
    private final KeyPattern pattern;
    private final Predicate<String> wanted;
    private final Consumer<List<LoadedEntry>> batch;
    private final List<LoadedEntry> waiting = new ArrayList<>();

    /** The key whose rows are coming. */
    private @Nullable KeyContent open;

    private long bytes;
    private long seen;

    Reading(RedisSpec.Loader loader, Predicate<String> wanted, Consumer<List<LoadedEntry>> batch) {
      this.loader = loader;
      this.pattern = new KeyPattern(loader.key());
      this.wanted = wanted;
      this.batch = batch;
    }

    void take(Map<String, DedicatedRows.Value> row) {
      seen++;
      Optional<String> key = pattern.render(row);
      if (key.isEmpty()) {
        return;
      }
      if (key.get().isEmpty()) {
        throw new MigrationException(
            FailureType.BAD_REQUEST,
            ("Row %d of the loader %s gives an empty key. Correct its query, so that"
                    + " the key's columns are never all empty.")
                .formatted(seen, loader.key()));
      }
      KeyContent content = open;
      boolean continues =
          content != null && !loader.type().isOneRow() && content.key().equals(key.get());
      if (content == null || !continues) {
        content = new KeyContent(loader, key.get());
      }
      if (content.add(row) && !continues) {
        close();
        open = wanted.test(key.get()) ? content : null;
      }
    }

    void end(List<String> columns) {
      close();
      if (!waiting.isEmpty()) {
        handOver();
      }
      if (seen > 0) {
        requireColumns(columns);
      }
    }

    private void requireColumns(List<String> columns) {
      Set<String> missing = new LinkedHashSet<>(loader.columns());
      missing.removeAll(columns);
      if (!missing.isEmpty()) {
        throw refusal(
            "without the column %s".formatted(String.join(", ", missing)),
            "Select it, or correct the loader's columns.");
      }
      if (loader.type() == RedisSpec.Type.HASH && columns.stream().noneMatch(loader::isField)) {
        throw refusal(
            "that returns only the key's columns, so the hash has no field",
            "Select the columns that become its fields.");
      }
    }

    private MigrationException refusal(String problem, String remedy) {
      return new MigrationException(
          FailureType.BAD_REQUEST,
          "The loader %s has a query %s. %s".formatted(loader.key(), problem, remedy));
    }

    private void close() {
      if (open == null) {
        return;
      }
      waiting.add(open.entry());
      bytes += open.bytes();
      open = null;
      if (waiting.size() >= BATCH || bytes >= BATCH_BYTES) {
        handOver();
      }
    }

    private void handOver() {
      batch.accept(List.copyOf(waiting));
      waiting.clear();
      bytes = 0;
    }
  }
}

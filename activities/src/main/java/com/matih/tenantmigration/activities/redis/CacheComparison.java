package com.matih.tenantmigration.activities.redis;

import com.matih.tenantmigration.activities.engine.DedicatedRows;
import com.matih.tenantmigration.activities.engine.Finding;
import com.matih.tenantmigration.activities.engine.ProgressMonitor;
import com.matih.tenantmigration.activities.secrets.SecretResolver;
import com.matih.tenantmigration.controlplane.MigrationJournal;
import com.matih.tenantmigration.workflow.MigrationContext;
import com.matih.tenantmigration.workflow.report.Progress;
import com.matih.tenantmigration.workflow.report.Units;
import com.matih.tenantmigration.workflow.request.RedisSpec;
import io.lettuce.core.KeyValue;
import java.util.List;

/**
 * Compares every warmed key with what the dedicated database says, by running the loaders again,
 * and names keys of the dedicated Redis that no loader put there.
 *
 * <p>A key may be gone where its time had come, or where the Redis has evicted keys because its
 * memory was full.
 */
public final class CacheComparison {

  private final RedisConnections connections;
  private final MigrationJournal journal;
  private final LoaderRows loaderRows;

  public CacheComparison(
      SecretResolver secrets, MigrationJournal journal, DedicatedRows dedicatedRows) {
    this.connections = new RedisConnections(secrets);
    this.journal = journal;
    this.loaderRows = new LoaderRows(dedicatedRows);
  }

  /** Not applicable where nothing was warmed or is there. */
  public Finding compare(MigrationContext context, ProgressMonitor monitor) {
    RedisSpec spec = context.spec(RedisSpec.class);
    try (Cache dedicated = connections.dedicated(spec, monitor)) {
      Finding finding = new Comparison(context, dedicated, monitor).run();
      return finding.comparedCount() == 0 && finding.mismatchCount() == 0
          ? Finding.notApplicable("nothing is cached for the tenant")
          : finding;
    }
  }

  /** One run of the comparison. */
  private final class Comparison {

    private final MigrationContext context;
    private final Cache dedicated;
    private final ProgressMonitor monitor;
    private final WarmedKeys warmed;
    private final Finding finding = new Finding();
    private final boolean evicting;
    private long rows;

    Comparison(MigrationContext context, Cache dedicated, ProgressMonitor monitor) {
      this.context = context;
      this.dedicated = dedicated;
      this.monitor = monitor;
      this.warmed = new WarmedKeys(dedicated, context.migrationId());
      this.evicting = ServerInfo.of(dedicated).number("evicted_keys") > 0;
    }

    Finding run() {
      for (RedisSpec.Loader loader : context.spec(RedisSpec.class).warm()) {
        loaderRows.read(context, loader, key -> true, monitor, this::compareBatch);
      }
      long keys = rows - repeatedRows();
      finding.compared(keys);
      long known = warmed.count();
      if (known != keys) {
        finding.mismatch(
            "the loaders now return %s, but %,d were warmed"
                .formatted(Units.plural(keys, "cache key"), known));
      }
      ForeignKeys.find(
          dedicated,
          context.migrationId(),
          key -> finding.mismatch("cache key %s is not from any loader".formatted(key)));
      return finding;
    }

    private long repeatedRows() {
      return journal
          .recall(
              context.migrationId(), RedisNames.STORE, RedisNames.WARMED_NOTE, WarmedSummary.class)
          .map(WarmedSummary::repeated)
          .orElse(0L);
    }

    private void compareBatch(List<LoadedEntry> entries) {
      List<String> keys = entries.stream().map(LoadedEntry::key).toList();
      List<KeyValue<String, String>> values =
          dedicated.call("read keys", redis -> redis.mget(keys.toArray(String[]::new)));
      List<Double> expiries = warmed.expiries(keys);
      double now = serverMillis();
      for (int i = 0; i < entries.size(); i++) {
        LoadedEntry entry = entries.get(i);
        if (values.get(i).hasValue()) {
          if (!values.get(i).getValue().equals(entry.value())) {
            finding.mismatch(
                "cache key %s has a different value than the dedicated database"
                    .formatted(entry.key()));
          }
        } else if (!evicting && !(expiries.get(i) <= now)) {
          finding.mismatch("cache key %s is missing".formatted(entry.key()));
        }
      }
      rows += entries.size();
      monitor.update(new Progress(rows, -1, "keys", "comparing the cache"));
    }

    private double serverMillis() {
      List<String> time = dedicated.call("return the time", redis -> redis.time());
      return Long.parseLong(time.get(0)) * 1000.0 + Long.parseLong(time.get(1)) / 1000.0;
    }
  }
}

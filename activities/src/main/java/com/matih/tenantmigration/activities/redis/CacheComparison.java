package com.matih.tenantmigration.activities.redis;

import com.matih.tenantmigration.activities.engine.DedicatedRows;
import com.matih.tenantmigration.activities.engine.Finding;
import com.matih.tenantmigration.activities.engine.ProgressMonitor;
import com.matih.tenantmigration.activities.engine.RemovalGuard;
import com.matih.tenantmigration.activities.redis.loaders.LoadedEntry;
import com.matih.tenantmigration.activities.redis.loaders.LoaderRows;
import com.matih.tenantmigration.activities.secrets.SecretResolver;
import com.matih.tenantmigration.controlplane.MigrationJournal;
import com.matih.tenantmigration.workflow.MigrationContext;
import com.matih.tenantmigration.workflow.report.Progress;
import com.matih.tenantmigration.workflow.report.Units;
import com.matih.tenantmigration.workflow.request.RedisSpec;
import java.util.List;
import java.util.Optional;

/**
 * Compares every warmed key with what the dedicated database says, by running the loaders again,
 * and names keys of the dedicated Redis that no loader put there.
 *
 * <p>A loader that asks for the time says something else by now, so what it had warmed cannot be
 * compared. Where there is one, the cache is freshened, as a drain does, which compares what it has
 * written.
 *
 * <p>A key may be gone where its time had come, or where the Redis has evicted keys because its
 * memory was full.
 */
public final class CacheComparison {

  private final RedisConnections connections;
  private final MigrationJournal journal;
  private final LoaderRows loaderRows;
  private final CacheFreshener freshener;

  public CacheComparison(
      SecretResolver secrets,
      MigrationJournal journal,
      RemovalGuard guard,
      DedicatedRows dedicatedRows) {
    this.connections = new RedisConnections(secrets);
    this.journal = journal;
    this.loaderRows = new LoaderRows(dedicatedRows);
    this.freshener = new CacheFreshener(connections, journal, guard, dedicatedRows);
  }

  /** Not applicable where nothing was warmed or is there. */
  public Finding compare(MigrationContext context, ProgressMonitor monitor) {
    RedisSpec spec = context.spec(RedisSpec.class);
    try (Cache dedicated = connections.dedicated(spec, monitor)) {
      Comparison comparison = new Comparison(context, dedicated, monitor);
      boolean comparable = comparison.compareLoaders();
      Finding finding = comparison.finding;
      if (comparable) {
        comparison.compareKeys();
      } else if (finding.mismatchCount() == 0) {
        return freshener.compareAnew(context, monitor);
      }
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
    private Finding ofLoader = new Finding();
    private long rows;

    Comparison(MigrationContext context, Cache dedicated, ProgressMonitor monitor) {
      this.context = context;
      this.dedicated = dedicated;
      this.monitor = monitor;
      this.warmed = new WarmedKeys(dedicated, context.migrationId());
      this.evicting = ServerInfo.of(dedicated).number("evicted_keys") > 0;
    }

    /** Answers whether all loaders can be compared; nothing is found of those that cannot. */
    boolean compareLoaders() {
      boolean comparable = true;
      for (RedisSpec.Loader loader : context.spec(RedisSpec.class).warm()) {
        ofLoader = new Finding();
        boolean ofTheMoment =
            loaderRows.read(context, loader, key -> true, monitor, this::compareBatch);
        if (ofTheMoment) {
          comparable = false;
        } else {
          finding.add(ofLoader);
        }
      }
      return comparable;
    }

    void compareKeys() {
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
    }

    private long repeatedRows() {
      return journal
          .recall(
              context.migrationId(), RedisNames.STORE, RedisNames.WARMED_NOTE, WarmedSummary.class)
          .map(WarmedSummary::repeated)
          .orElse(0L);
    }

    private void compareBatch(List<LoadedEntry> entries) {
      List<Optional<String>> differences = StoredContent.differences(dedicated, entries);
      List<Double> expiries = warmed.expiries(entries.stream().map(LoadedEntry::key).toList());
      double now = dedicated.millis();
      for (int i = 0; i < entries.size(); i++) {
        String key = entries.get(i).key();
        boolean mayBeGone = evicting || expiries.get(i) <= now;
        differences
            .get(i)
            .filter(what -> !what.equals(StoredContent.MISSING) || !mayBeGone)
            .ifPresent(what -> ofLoader.mismatch("cache key %s %s".formatted(key, what)));
      }
      rows += entries.size();
      monitor.update(new Progress(rows, -1, "keys", "comparing the cache"));
    }
  }
}

package com.matih.tenantmigration.activities.postgres.compare;

import com.matih.tenantmigration.activities.engine.Finding;
import com.matih.tenantmigration.activities.engine.ProgressMonitor;
import com.matih.tenantmigration.activities.engine.WorkScope;
import com.matih.tenantmigration.activities.postgres.catalog.TenantCatalog;
import com.matih.tenantmigration.activities.postgres.catalog.TenantTable;
import com.matih.tenantmigration.activities.postgres.catalog.TenantTables;
import com.matih.tenantmigration.activities.postgres.client.DatabaseAccess;
import com.matih.tenantmigration.activities.postgres.client.PostgresConnections;
import com.matih.tenantmigration.activities.postgres.failure.PostgresFailures;
import com.matih.tenantmigration.activities.postgres.follow.FollowedTable;
import com.matih.tenantmigration.activities.postgres.follow.Round;
import com.matih.tenantmigration.activities.postgres.follow.RowRounds;
import com.matih.tenantmigration.activities.postgres.follow.RowRounds.Extent;
import com.matih.tenantmigration.activities.postgres.ledger.Ledger;
import com.matih.tenantmigration.activities.postgres.snapshot.SchemaDefinitions;
import com.matih.tenantmigration.activities.postgres.sql.TableName;
import com.matih.tenantmigration.controlplane.MigrationJournal;
import com.matih.tenantmigration.workflow.CheckName;
import com.matih.tenantmigration.workflow.MigrationContext;
import com.matih.tenantmigration.workflow.report.Progress;
import com.matih.tenantmigration.workflow.request.PostgresSpec;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/**
 * Compares the tenant's tables exactly while it writes: each at a point at which a round has made
 * both sides equal, and that the next round waits for.
 *
 * <p>The shared side's snapshot of such a point keeps the whole shared server from cleaning up, so
 * a point is left after {@link #LONGEST_LOOK}, and the next tables are compared at a later one. If
 * a throttle is set, each table is compared at a point of its own, and the wait comes after that
 * point is released. What changes after its table was compared is compared by its key, in the round
 * that carries it over.
 */
public final class PointComparison {

  /** A table that takes longer is compared to its end all the same. */
  static final Duration LONGEST_LOOK = Duration.ofMinutes(1);

  /** After so many points a table that is emptied again and again is what it seems to be. */
  private static final int MOST_POINTS = 50;

  private final PostgresConnections connections;
  private final MigrationJournal journal;

  public PointComparison(PostgresConnections connections, MigrationJournal journal) {
    this.connections = connections;
    this.journal = journal;
  }

  /** Makes ROW_COUNT, PRIMARY_KEY_CHECKSUM and ROW_CONTENT. */
  public Map<CheckName, Finding> rows(MigrationContext context, ProgressMonitor monitor) {
    long epoch = Ledger.takeOver(DatabaseAccess.target(connections, context), monitor.attempt());
    try (RowRounds rounds = RowRounds.open(connections, journal, context, false, epoch)) {
      Map<CheckName, Finding> findings = new OfRounds(context, rounds, monitor).compareAll();
      SchemaDefinitions.requireSame(connections, context);
      return findings;
    }
  }

  /**
   * Compares what a round carried over, by its keys, at the round's point.
   *
   * @param rounds whose last round it was, and which has not been released
   */
  public static Map<CheckName, Finding> carried(
      MigrationContext context, RowRounds rounds, Round round, ProgressMonitor monitor) {
    OfRounds comparison = new OfRounds(context, rounds, monitor);
    comparison.compareCarried(round);
    return comparison.findings;
  }

  private static final class OfRounds {

    private final MigrationContext context;
    private final PostgresSpec spec;
    private final RowRounds rounds;
    private final ProgressMonitor monitor;
    private final Map<CheckName, Finding> findings = new EnumMap<>(CheckName.class);
    private int done;

    OfRounds(MigrationContext context, RowRounds rounds, ProgressMonitor monitor) {
      this.context = context;
      this.spec = context.spec(PostgresSpec.class);
      this.rounds = rounds;
      this.monitor = monitor;
      CheckName.OF_ROWS.forEach(check -> findings.put(check, new Finding()));
    }

    Map<CheckName, Finding> compareAll() {
      Deque<FollowedTable> keyed = new ArrayDeque<>();
      Deque<FollowedTable> whole = new ArrayDeque<>();
      rounds.tables().stream()
          .sorted(Comparator.comparingLong((FollowedTable t) -> t.table().bytes()).reversed())
          .forEach(table -> (table.note().isKeyed() ? keyed : whole).add(table));
      requireSameTables();
      for (int points = 0; !keyed.isEmpty() || !whole.isEmpty(); points++) {
        boolean isLast = keyed.isEmpty();
        compareSome(isLast ? whole : keyed, isLast ? Extent.ALL : Extent.KEYED, points);
      }
      rounds.requireSameSchema();
      return findings;
    }

    private void compareSome(Deque<FollowedTable> tables, Extent extent, int points) {
      monitor.awaitShared();
      Map<TableName, String> files = rounds.files();
      Round round = rounds.run(extent);
      List<Compared> compared = new ArrayList<>(carriedOver(round));
      long begun = System.nanoTime();
      do {
        FollowedTable table = tables.remove();
        compared.add(compare(table, table.table().predicate(), "true"));
      } while (!tables.isEmpty()
          && !monitor.isThrottled()
          && System.nanoTime() - begun < LONGEST_LOOK.toNanos());
      rounds.release();
      rounds.forget(round);
      compared.forEach(one -> monitor.readShared(one.bytes()));
      Map<TableName, String> now = rounds.files();
      for (Compared one : compared) {
        TableName name = one.table().table().name();
        boolean isEmptied = !Objects.equals(files.get(name), now.get(name));
        if (isEmptied && one.differs() && points < MOST_POINTS) {
          tables.add(one.table());
        } else {
          keep(one);
        }
      }
    }

    void compareCarried(Round round) {
      carriedOver(round).forEach(this::keep);
    }

    private List<Compared> carriedOver(Round round) {
      return round.carried().stream()
          .filter(one -> one.table().note().isKeyed())
          .map(one -> compare(one.table(), one.sourcePredicate(), one.targetPredicate()))
          .toList();
    }

    private record Compared(FollowedTable table, Map<CheckName, Finding> found) {

      /** What was read of the shared table, about. */
      long bytes() {
        return table.table().bytesOf(of(CheckName.ROW_CONTENT).comparedCount());
      }

      private Finding of(CheckName check) {
        return Objects.requireNonNull(found.get(check));
      }

      boolean differs() {
        return found.values().stream().anyMatch(finding -> finding.mismatchCount() > 0);
      }
    }

    private void keep(Compared one) {
      one.found().forEach((check, found) -> Objects.requireNonNull(findings.get(check)).add(found));
      done = Math.min(done + 1, rounds.tables().size());
      monitor.update(
          new Progress(
              done,
              rounds.tables().size(),
              "tables",
              "comparing rows at points where both sides are equal"));
    }

    private Compared compare(FollowedTable followed, String ofSource, String ofTarget) {
      monitor.throwIfCancelled();
      TenantTable table = followed.table();
      BothDatabases both = BothDatabases.over(context, rounds.sharedAtS(), rounds.dedicated());
      RowOrigin source = new RowOrigin(both.source(), table.rows(), ofSource, true);
      ColumnBytes bytes =
          ColumnBytes.read(both.source(), spec.sourceSchema(), Set.of(table.name().schema()));
      return new Compared(
          followed,
          new RowComparison(
                  source, ofTarget, both, table, bytes, CheckName.OF_ROWS, WorkScope.current())
              .run());
    }

    private void requireSameTables() {
      Connection source = rounds.sharedAtS();
      BothDatabases both = BothDatabases.over(context, source, rounds.dedicated());
      try {
        TenantTables catalog = TenantCatalog.read(source, context.request());
        Set<TableName> unexpected = both.targetTables(catalog);
        for (TenantTable table : catalog.requireMovable()) {
          if (!unexpected.remove(both.onTarget(table))) {
            mismatch("%s is missing".formatted(both.onTarget(table)));
          }
        }
        unexpected.forEach(table -> mismatch("%s has no source".formatted(table)));
        source.commit();
      } catch (SQLException e) {
        throw PostgresFailures.translate("read the tables of schema", spec.sourceSchema(), e);
      }
    }

    private void mismatch(String what) {
      findings.values().forEach(finding -> finding.mismatch(what));
    }
  }
}

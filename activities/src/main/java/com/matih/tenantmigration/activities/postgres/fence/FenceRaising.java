package com.matih.tenantmigration.activities.postgres.fence;

import com.matih.tenantmigration.activities.postgres.catalog.TenantPredicate;
import com.matih.tenantmigration.activities.postgres.catalog.TenantTable;
import com.matih.tenantmigration.activities.postgres.catalog.TenantTables;
import com.matih.tenantmigration.activities.postgres.fence.TriggerRaising.Missing;
import com.matih.tenantmigration.jdbc.Sql;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;

/**
 * Raises what does not stand of a fence. A table whose trigger looks up parents comes after the
 * tables that need fewer lookups, and so after its parents.
 */
final class FenceRaising {

  private final FenceSql sql;
  private final Duration patience;
  private final TriggerRaising triggers;

  /**
   * A fence that is to be raised.
   *
   * @param patience how long all tables together may be waited for
   */
  FenceRaising(FenceSql sql, Duration patience, TriggerRaising triggers) {
    this.sql = sql;
    this.patience = patience;
    this.triggers = triggers;
  }

  /**
   * Raises what does not stand.
   *
   * @param source in autocommit mode
   */
  void raise(Connection source, List<TenantTable> fenced, TenantTables tables) throws SQLException {
    StandingFence standing =
        StandingFence.read(source, sql, fenced.stream().map(TenantTable::name).toList());
    String searchPath =
        Sql.one(source, "SELECT current_setting('search_path')", row -> row.getString(1));
    Map<Integer, List<TenantTable>> byDepth = new TreeMap<>();
    for (TenantTable table : fenced) {
      byDepth.computeIfAbsent(tables.own(table).depth(), d -> new ArrayList<>()).add(table);
    }
    Instant deadline = Instant.now().plus(patience);
    boolean parentsStood = true;
    for (List<TenantTable> ofDepth : byDepth.values()) {
      List<Missing> missing = new ArrayList<>();
      for (TenantTable table : ofDepth) {
        TenantPredicate rule = tables.own(table);
        // a function that asks parents is made anew where one of them did not stand, since its text
        // tells a snapshot from before from one since
        if (!standing.faults(table.name(), rule).isEmpty()
            || !(parentsStood || rule.isOfRowAlone())) {
          missing.add(missing(standing, table, rule, searchPath));
        }
      }
      triggers.raise(missing, fenced.size(), deadline);
      parentsStood &= missing.isEmpty();
    }
  }

  private Missing missing(
      StandingFence standing, TenantTable table, TenantPredicate rule, String searchPath) {
    return new Missing(
        table.rows(),
        standing.table(table.name()).members().size(),
        rule.isOfRowAlone()
            ? List.of()
            : List.of(
                sql.createAskingFunction(
                    standing.functionOf(table.name(), rule), rule, newToken(), searchPath)),
        standing.raising(table.name(), rule));
  }

  private static String newToken() {
    return UUID.randomUUID().toString().replace("-", "").substring(0, 16);
  }
}

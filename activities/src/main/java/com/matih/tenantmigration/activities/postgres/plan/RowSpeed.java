package com.matih.tenantmigration.activities.postgres.plan;

import com.matih.tenantmigration.activities.engine.forecast.ReadSample;
import com.matih.tenantmigration.activities.engine.forecast.StoreForecast;
import com.matih.tenantmigration.activities.postgres.catalog.TenantTable;
import com.matih.tenantmigration.activities.postgres.failure.PostgresFailures;
import com.matih.tenantmigration.activities.postgres.sql.Identifiers;
import com.matih.tenantmigration.jdbc.Sql;
import com.matih.tenantmigration.workflow.StoreName;
import com.matih.tenantmigration.workflow.report.StoresSummary;
import com.matih.tenantmigration.workflow.report.forecast.StoreEstimate;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.OptionalLong;
import org.postgresql.PGConnection;
import org.postgresql.copy.CopyOut;

/**
 * How fast the shared database hands out the tenant's rows: some of its largest tables are read for
 * a second.
 *
 * <p>What is copied is counted as the tables' bytes on disk, of which a row has as many as any
 * other of its table.
 */
final class RowSpeed {

  /** So many of the largest tables are read at most. */
  private static final int TABLES = 3;

  /** A table that shows no row of the tenant for so long tells nothing. */
  private static final String LIMITS =
      "SET default_transaction_read_only = on; SET statement_timeout = '2s'";

  private static final String QUERY_CANCELED = "57014";

  /** The schema is built, keys and indexes, and the snapshot is sealed. */
  private static final double PREPARATION = 4;

  /** For each table. */
  private static final double OF_A_TABLE = 0.1;

  /** Rows are written to the database and to the snapshot, and indexed, by several sessions. */
  private static final double EFFORT = 2;

  private static final double DRAIN = 1;
  private static final double DRAIN_OF_A_TABLE = 0.03;

  private final Connection source;

  /** Over a session of its own, which is closed in the middle of an answer. */
  RowSpeed(Connection source) {
    this.source = source;
  }

  private record Part(TenantTable table, StoresSummary.Table counted) {}

  /**
   * Estimates.
   *
   * @param tables as many as were counted, in the same order
   */
  StoreEstimate estimate(
      List<TenantTable> tables, StoresSummary.Postgres counted, OptionalLong bytesPerSecond) {
    List<Part> parts = new ArrayList<>();
    for (int at = 0; at < tables.size(); at++) {
      parts.add(new Part(tables.get(at), counted.tables().get(at)));
    }
    List<Part> largest =
        parts.stream()
            .filter(part -> part.counted().rows() > 0)
            .sorted(Comparator.comparingLong((Part part) -> part.counted().bytes()).reversed())
            .limit(TABLES)
            .toList();
    return new StoreForecast(
            StoreName.POSTGRES,
            PREPARATION + OF_A_TABLE * tables.size(),
            EFFORT,
            DRAIN + DRAIN_OF_A_TABLE * tables.size())
        .estimate(
            counted.tables().stream().mapToLong(StoresSummary.Table::bytes).sum(),
            sample -> read(largest, sample),
            bytesPerSecond);
  }

  private void read(List<Part> parts, ReadSample sample) {
    try {
      Sql.execute(source, LIMITS);
      for (Part part : parts) {
        if (sample.goesOn()) {
          read(part, sample);
        }
      }
    } catch (SQLException e) {
      if (!QUERY_CANCELED.equals(e.getSQLState())) {
        throw PostgresFailures.translate("measure how fast to read", "the tenant's rows", e);
      }
    }
  }

  private void read(Part part, ReadSample sample) throws SQLException {
    TenantTable table = part.table();
    long ofARow = Math.max(1, part.counted().bytes() / part.counted().rows());
    CopyOut out =
        source
            .unwrap(PGConnection.class)
            .getCopyAPI()
            .copyOut(
                "COPY (SELECT %s FROM %s AS t WHERE %s) TO STDOUT"
                    .formatted(
                        Identifiers.list("t", table.columns()),
                        table.rows().sql(),
                        table.predicate()));
    byte[] row = out.readFromCopy();
    while (row != null && sample.goesOn()) {
      sample.read(ofARow, row.length);
      row = out.readFromCopy();
    }
  }
}

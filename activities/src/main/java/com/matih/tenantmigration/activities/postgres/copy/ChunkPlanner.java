package com.matih.tenantmigration.activities.postgres.copy;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.matih.tenantmigration.activities.postgres.catalog.TenantTable;
import com.matih.tenantmigration.activities.postgres.ledger.BlockRange;
import com.matih.tenantmigration.activities.postgres.ledger.CopiedTable;
import com.matih.tenantmigration.activities.postgres.ledger.CopyFormat;
import com.matih.tenantmigration.activities.postgres.ledger.PlannedTable;
import com.matih.tenantmigration.activities.postgres.sql.Identifiers;
import com.matih.tenantmigration.activities.postgres.sql.TableName;
import com.matih.tenantmigration.jdbc.Sql;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Cuts tables into ranges of blocks that are copied side by side and resumed one by one.
 *
 * <p>A table is cut only where the tenant's part of it is large: else the server is free to find
 * the rows by an index. Ranges rely on the fence, under which the tenant's rows keep their places;
 * a table with rows that others may change is read by one statement. Servers before version 14
 * would read the whole table for each range, so there nothing is cut.
 */
public final class ChunkPlanner {

  /** What a range holds at most, about; an interrupted one is copied again. */
  public static final long RANGE_BYTES = 64L << 20;

  /** Tables that are smaller than this many ranges get smaller ranges, for all workers to share. */
  private static final int RANGES_AT_LEAST = 16;

  /** What a range costs by itself is noticed below this share of {@link #RANGE_BYTES}. */
  private static final int SMALLEST_RANGE = 8;

  private static final int READS_RANGES = 140_000;
  private static final ObjectMapper JSON = new ObjectMapper();

  private static final String LEAVES =
      """
      SELECT l.oid, l.relname, pg_relation_filenode(l.oid) AS filenode,
             pg_relation_size(l.oid) / current_setting('block_size')::bigint AS blocks,
             pg_table_size(l.oid) AS bytes, greatest(l.reltuples, 0)::bigint AS rows
        FROM pg_class c
        JOIN pg_namespace n ON n.oid = c.relnamespace
       CROSS JOIN LATERAL (
             SELECT relid FROM pg_partition_tree(c.oid) WHERE c.relkind = 'p' AND isleaf
              UNION ALL
             SELECT c.oid WHERE c.relkind = 'r') leaf(relid)
        JOIN pg_class l ON l.oid = leaf.relid
       WHERE n.nspname = ? AND c.relname = ? AND l.relkind = 'r'
       ORDER BY l.relname COLLATE "C"
      """;

  private final Connection source;
  private final int sourceVersion;
  private final int targetVersion;
  private final long rangeBytes;

  ChunkPlanner(Connection source, int targetVersion, long rangeBytes) throws SQLException {
    this.source = source;
    this.sourceVersion = version(source);
    this.targetVersion = targetVersion;
    this.rangeBytes = rangeBytes;
  }

  /** The server's version number, such as 150004. */
  static int version(Connection connection) throws SQLException {
    return Sql.one(
        connection, "SELECT current_setting('server_version_num')::int", row -> row.getInt(1));
  }

  /**
   * Plans a table, or each of its partitions that may hold rows of the tenant.
   *
   * @param known the filenodes of the tables whose ranges are planned already
   */
  List<PlannedTable> plan(TenantTable table, Map<String, Long> known) throws SQLException {
    List<PlannedTable> planned = new ArrayList<>();
    Sql.forEach(
        source,
        LEAVES,
        leaf -> {
          if (!table.foreignPartitions().contains(leaf.getString("relname"))) {
            planned.add(plan(table, leaf, known));
          }
        },
        table.name().schema(),
        table.name().table());
    return planned;
  }

  private PlannedTable plan(TenantTable table, ResultSet leaf, Map<String, Long> known)
      throws SQLException {
    TableName leafName = new TableName(table.name().schema(), leaf.getString("relname"));
    String name = CopiedTable.nameOf(leafName, !table.inSharedSchema());
    long filenode = leaf.getLong("filenode");
    CopiedTable copied =
        new CopiedTable(
            name,
            CopiedTable.nameOf(table.name(), !table.inSharedSchema()),
            table.columns(),
            CopyFormat.of(source, leaf.getLong("oid"), targetVersion),
            filenode);
    boolean isKnown = Long.valueOf(filenode).equals(known.get(name));
    return new PlannedTable(copied, isKnown ? List.of() : ranges(table, leaf));
  }

  private List<BlockRange> ranges(TenantTable table, ResultSet leaf) throws SQLException {
    long tableBytes = leaf.getLong("bytes");
    long tableRows = leaf.getLong("rows");
    long blocks = leaf.getLong("blocks");
    long rows = estimatedRows(table, leaf.getString("relname"));
    double part = Math.min(1, (double) rows / Math.max(1, Math.max(tableRows, rows)));
    long bytes = Math.round(tableBytes * part);
    long count =
        table.hasSharedRows() || sourceVersion < READS_RANGES
            ? 1
            : Math.max(1, Math.min(blocks, bytes / rangeBytes(bytes)));
    List<BlockRange> ranges = new ArrayList<>();
    for (long i = 0; i < count; i++) {
      // the last range is open: blocks are added while others write
      Long end = i == count - 1 ? null : Long.valueOf(blocks * (i + 1) / count);
      ranges.add(new BlockRange(blocks * i / count, end, rows / count, bytes / count));
    }
    return ranges;
  }

  private long rangeBytes(long tableBytes) {
    return Math.max(
        Math.max(1, rangeBytes / SMALLEST_RANGE),
        Math.min(rangeBytes, tableBytes / RANGES_AT_LEAST));
  }

  private long estimatedRows(TenantTable table, String leaf) throws SQLException {
    String sql =
        "EXPLAIN (FORMAT JSON) SELECT 1 FROM ONLY %s AS t WHERE %s"
            .formatted(
                Identifiers.quote(new TableName(table.name().schema(), leaf)), table.predicate());
    try {
      String plan = Sql.one(source, sql, row -> row.getString(1));
      return JSON.readTree(plan).path(0).path("Plan").path("Plan Rows").asLong(0);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("the server's plan is no JSON", e);
    }
  }
}

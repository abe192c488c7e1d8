package com.matih.tenantmigration.activities.postgres.copy;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.matih.tenantmigration.activities.postgres.catalog.TenantTable;
import com.matih.tenantmigration.activities.postgres.ledger.BlockRange;
import com.matih.tenantmigration.activities.postgres.ledger.CopiedTable;
import com.matih.tenantmigration.activities.postgres.ledger.CopyFormat;
import com.matih.tenantmigration.activities.postgres.ledger.PlannedTable;
import com.matih.tenantmigration.activities.postgres.sql.Identifiers;
import com.matih.tenantmigration.activities.postgres.sql.PartitionTrees;
import com.matih.tenantmigration.activities.postgres.sql.TableName;
import com.matih.tenantmigration.jdbc.Sql;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;

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
      SELECT c.relname AS root, l.oid, l.relname, pg_relation_filenode(l.oid) AS filenode,
             pg_relation_size(l.oid) / current_setting('block_size')::bigint AS blocks,
             pg_table_size(l.oid) AS bytes, greatest(l.reltuples, 0)::bigint AS rows
        FROM pg_class c
        JOIN pg_namespace n ON n.oid = c.relnamespace
       CROSS JOIN LATERAL %s leaf
        JOIN pg_class l ON l.oid = leaf.relid
       WHERE n.nspname = ? AND c.relname = ANY (?) AND l.relkind = 'r'
         AND (leaf.level = 0 OR l.relispartition)
       ORDER BY c.relname COLLATE "C", l.relname COLLATE "C"
      """
          .formatted(PartitionTrees.below("c.oid"));

  /** A statement locks its table with the indexes, and these come in one transaction. */
  private static final int EXPLAINED_TOGETHER = 25;

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

  /** A table that holds rows itself. */
  private record Leaf(
      TenantTable table, long oid, String name, long filenode, long blocks, long bytes, long rows) {

    TableName qualified() {
      return new TableName(table.name().schema(), name);
    }

    /** As ledger and snapshot know it. */
    String known() {
      return CopiedTable.nameOf(qualified(), !table.inSharedSchema());
    }
  }

  /**
   * Plans tables, or each of their partitions that may hold rows of the tenant.
   *
   * @param known the filenodes of the tables whose ranges are planned already
   */
  List<PlannedTable> plan(List<TenantTable> tables, Map<String, Long> known) throws SQLException {
    List<Leaf> leaves = leaves(tables);
    Map<Long, CopyFormat> formats =
        CopyFormat.of(source, leaves.stream().map(Leaf::oid).toList(), targetVersion);
    List<Leaf> unknown =
        leaves.stream()
            .filter(leaf -> !Long.valueOf(leaf.filenode()).equals(known.get(leaf.known())))
            .toList();
    Map<Leaf, Long> rows = estimatedRows(unknown);
    List<PlannedTable> planned = new ArrayList<>();
    for (Leaf leaf : leaves) {
      CopiedTable copied =
          new CopiedTable(
              leaf.known(),
              CopiedTable.nameOf(leaf.table().name(), !leaf.table().inSharedSchema()),
              leaf.table().columns(),
              formats.getOrDefault(leaf.oid(), CopyFormat.BINARY),
              leaf.filenode());
      Long estimated = rows.get(leaf);
      planned.add(
          new PlannedTable(copied, estimated == null ? List.of() : ranges(leaf, estimated)));
    }
    return planned;
  }

  private List<Leaf> leaves(List<TenantTable> tables) throws SQLException {
    Map<String, List<TenantTable>> bySchema =
        tables.stream().collect(Collectors.groupingBy(table -> table.name().schema()));
    List<Leaf> leaves = new ArrayList<>();
    for (Map.Entry<String, List<TenantTable>> one : bySchema.entrySet()) {
      leaves(one.getKey(), one.getValue(), leaves);
    }
    return leaves;
  }

  private void leaves(String schema, List<TenantTable> tables, List<Leaf> leaves)
      throws SQLException {
    Map<String, TenantTable> byName = new HashMap<>();
    tables.forEach(table -> byName.put(table.name().table(), table));
    Sql.forEach(
        source,
        LEAVES,
        row -> {
          TenantTable table = Objects.requireNonNull(byName.get(row.getString("root")));
          if (!table.foreignPartitions().contains(row.getString("relname"))) {
            leaves.add(
                new Leaf(
                    table,
                    row.getLong("oid"),
                    row.getString("relname"),
                    row.getLong("filenode"),
                    row.getLong("blocks"),
                    row.getLong("bytes"),
                    row.getLong("rows")));
          }
        },
        schema,
        Sql.array("text", byName.keySet()));
  }

  private List<BlockRange> ranges(Leaf leaf, long rows) {
    long blocks = leaf.blocks();
    double part = Math.min(1, (double) rows / Math.max(1, Math.max(leaf.rows(), rows)));
    long bytes = Math.round(leaf.bytes() * part);
    long count =
        leaf.table().hasSharedRows() || sourceVersion < READS_RANGES
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

  /** How many rows of the tenant the server's planner expects in each. */
  private Map<Leaf, Long> estimatedRows(List<Leaf> leaves) throws SQLException {
    Map<Leaf, Long> rows = new HashMap<>();
    for (int i = 0; i < leaves.size(); i += EXPLAINED_TOGETHER) {
      explain(leaves.subList(i, Math.min(leaves.size(), i + EXPLAINED_TOGETHER)), rows);
    }
    return rows;
  }

  private void explain(List<Leaf> leaves, Map<Leaf, Long> rows) throws SQLException {
    String statements =
        leaves.stream()
            .map(
                leaf ->
                    "EXPLAIN (FORMAT JSON) SELECT 1 FROM ONLY %s AS t WHERE %s"
                        .formatted(Identifiers.quote(leaf.qualified()), leaf.table().predicate()))
            .collect(Collectors.joining("; "));
    try (Statement statement = source.createStatement()) {
      boolean isAnswer = statement.execute(statements);
      for (Leaf leaf : leaves) {
        if (!isAnswer) {
          throw new IllegalStateException("EXPLAIN has no answer for " + leaf.qualified());
        }
        try (ResultSet plan = statement.getResultSet()) {
          plan.next();
          rows.put(
              leaf,
              JSON.readTree(plan.getString(1)).path(0).path("Plan").path("Plan Rows").asLong(0));
        }
        isAnswer = statement.getMoreResults();
      }
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("the server's plan is not JSON", e);
    }
  }
}

package com.matih.tenantmigration.activities.postgres.schema;

import com.matih.tenantmigration.activities.engine.ProgressMonitor;
import com.matih.tenantmigration.activities.engine.WorkerPool;
import com.matih.tenantmigration.activities.postgres.client.DatabaseAccess;
import com.matih.tenantmigration.activities.postgres.failure.PostgresFailures;
import com.matih.tenantmigration.jdbc.Sql;
import com.matih.tenantmigration.workflow.report.Progress;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/** Gathers the planner's statistics of schemas that were just filled. */
public final class Statistics {

  /**
   * Each table that holds rows, each partitioned table, and each materialized view, those that take
   * longest first. Partitions are analyzed with the table that they are parts of.
   */
  private static final String TABLES =
      """
      SELECT format('%I.%I', n.nspname, c.relname)
      FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
      WHERE n.nspname = ANY (?) AND c.relkind IN ('r', 'p', 'm') AND c.relispopulated
        AND NOT (c.relispartition AND EXISTS (
          SELECT FROM pg_inherits i JOIN pg_class p ON p.oid = i.inhparent
            JOIN pg_namespace pn ON pn.oid = p.relnamespace
          WHERE i.inhrelid = c.oid AND pn.nspname = ANY (?)))
      ORDER BY c.relkind = 'p' DESC, pg_relation_size(c.oid) DESC, c.oid""";

  private Statistics() {}

  /**
   * Analyzes all tables of these schemas, several at once, each in a transaction of its own.
   *
   * @param session what its sessions are for
   */
  public static void gather(
      DatabaseAccess target,
      String session,
      List<String> schemas,
      int parallelism,
      ProgressMonitor monitor) {
    Sql.BoundArray names = Sql.array("text", schemas);
    List<String> tables =
        target.read(
            session,
            "list the tables of",
            target.name(),
            connection -> Sql.texts(connection, TABLES, names, names));
    AtomicInteger begun = new AtomicInteger();
    WorkerPool.workThrough(
        "statistics",
        parallelism,
        monitor,
        tables,
        number ->
            new Analyzer(
                target.openForWrites(session),
                () ->
                    monitor.update(
                        new Progress(
                            begun.getAndIncrement(),
                            tables.size(),
                            "tables",
                            "gathering statistics"))));
  }

  /** Analyzes one table after the other. */
  private record Analyzer(Connection connection, Runnable begins)
      implements WorkerPool.Worker<String> {

    @Override
    public void work(String table) {
      begins.run();
      try {
        Sql.execute(connection, "ANALYZE " + table);
      } catch (SQLException e) {
        throw PostgresFailures.translate("analyze", table, e);
      }
    }

    @Override
    public void close() {
      DatabaseAccess.closeQuietly(connection);
    }
  }
}

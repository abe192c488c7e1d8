package com.matih.tenantmigration.benchmarks.stores;

import com.matih.tenantmigration.benchmarks.measure.Machine;
import com.matih.tenantmigration.benchmarks.measure.Measurement;
import com.matih.tenantmigration.embedded.EmbeddedServers;
import com.matih.tenantmigration.workflow.report.Units;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.function.BiFunction;
import java.util.function.Consumer;

/**
 * Times how a tenant's part of one store is copied.
 *
 * @param store its name in the request
 * @param starter starts one server of the store
 * @param bench what is copied, on two servers that have started
 */
public record StoreBenchmark(
    String store,
    EmbeddedServers.Starter starter,
    BiFunction<StoreServers, StoreSizes, StoreBench> bench) {

  /**
   * Starts the servers, fills the shared one, times all contenders and stops the servers.
   *
   * @param folder for the servers' logs
   * @param news is told what goes on, line by line
   */
  public StoreResults run(StoreSizes sizes, Path folder, Consumer<String> news)
      throws SQLException, IOException, InterruptedException {
    try (StoreServers servers = StoreServers.start(folder.resolve("logs").resolve(store), starter);
        StoreBench bench = this.bench.apply(servers, sizes)) {
      news.accept("Loading %,d %s of a tenant".formatted(bench.amount(), bench.unit()));
      long begin = System.nanoTime();
      bench.seed();
      news.accept("  loaded in " + Units.duration(Duration.ofNanos(System.nanoTime() - begin)));
      news.accept("Copying in turn, " + Units.plural(sizes.rounds(), "round"));
      List<Measurement> rounds = new StoreRounds(bench, servers.meter(), news).run(sizes.rounds());
      return StoreResults.of(store, bench, Machine.here(version(servers)), rounds);
    }
  }

  private static String version(StoreServers servers) throws SQLException {
    try (Connection connection =
            DriverManager.getConnection(
                servers.postgres().jdbcUrl("postgres"),
                servers.postgres().user(),
                servers.postgres().password());
        Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery("SHOW server_version")) {
      row.next();
      return row.getString(1);
    }
  }
}

package com.matih.tenantmigration.benchmarks.stores;

import com.matih.tenantmigration.benchmarks.measure.Meter;
import com.matih.tenantmigration.benchmarks.measure.ResultTables.Absence;
import java.io.IOException;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;

/** What a tenant has in the shared server of one store, and who copies it to the dedicated one. */
public interface StoreBench extends AutoCloseable {

  /** The contender that all others are compared with. */
  String OURS = "ours";

  /** Our checks, after our copy. */
  String CHECKS = checksOf(OURS);

  /** What is counted, such as {@code objects}. */
  String unit();

  /** How many the tenant has. */
  long amount();

  /** What else decides how much work it is. */
  Map<String, Object> parameters();

  /** Fills the shared server. */
  void seed() throws SQLException, IOException, InterruptedException;

  List<Contender> contenders();

  /** Who could not take part. */
  List<Absence> absent();

  /** What a contender calls its comparison of both sides, after its copy. */
  static String checksOf(String contender) {
    return contender + ": checks";
  }

  /** How many of the tenant's things are in a target. */
  long arrived(String target) throws SQLException, IOException, InterruptedException;

  /** Leaves nothing on the dedicated server. */
  void clear() throws SQLException, IOException, InterruptedException;

  @Override
  void close();

  /** A way to copy. */
  interface Contender {

    String name();

    /**
     * Prepares, which is not measured, and answers what is measured, in this order.
     *
     * @param target a name that nothing has had yet
     */
    List<Step> steps(String target) throws SQLException, IOException, InterruptedException;
  }

  /**
   * What is measured by itself.
   *
   * @param inThisProcess whether this JVM does the work, so that its memory says something
   */
  record Step(String name, boolean inThisProcess, Meter.Work work) {

    public Step(String name, Meter.Work work) {
      this(name, true, work);
    }
  }
}

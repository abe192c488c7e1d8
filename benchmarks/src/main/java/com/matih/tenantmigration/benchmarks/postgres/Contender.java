package com.matih.tenantmigration.benchmarks.postgres;

import com.matih.tenantmigration.benchmarks.measure.Meter;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;

/** A way to copy a tenant from the shared database into a new one. */
interface Contender {

  String name();

  /** The schema that holds the rows when it is done. */
  String targetSchema();

  /**
   * Prepares, which is not measured, and answers what is measured, in this order.
   *
   * @param target a new, empty database
   * @param scratch a new, empty folder
   */
  List<Step> steps(Database target, Path scratch) throws SQLException;

  /**
   * What is measured by itself.
   *
   * @param inThisProcess whether this JVM does it, rather than programs
   */
  record Step(String name, boolean inThisProcess, Meter.Work work) {}
}

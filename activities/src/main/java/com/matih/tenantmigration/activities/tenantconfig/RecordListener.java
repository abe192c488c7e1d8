package com.matih.tenantmigration.activities.tenantconfig;

import com.matih.tenantmigration.workflow.activity.RecordActivities.Entry;
import com.matih.tenantmigration.workflow.report.MigrationReport;
import java.util.List;

/** Learns what was put on record, each entry once however often it is tried. */
@FunctionalInterface
public interface RecordListener {

  /**
   * Called after the commit.
   *
   * @param report the migration as it stands with these entries
   * @param entries the entries that were not on record before
   */
  void recorded(MigrationReport report, List<Entry> entries);
}

package com.matih.tenantmigration.devstack.faults;

/** Faults in the rows of the dedicated database. */
final class RowFaults {

  private RowFaults() {}

  static void deleteARow(Scene scene) {
    scene.changeDedicatedDatabase(
        "DELETE FROM query_runs WHERE id = (SELECT min(id) FROM query_runs)");
  }

  /** As many rows as before, one of them under a key that it did not have. */
  static void changeAKey(Scene scene) {
    scene.changeDedicatedDatabase(
        "UPDATE query_runs SET id = id + 1000000000"
            + " WHERE id = (SELECT max(id) FROM query_runs)");
  }

  static void changeAColumn(Scene scene) {
    scene.changeDedicatedDatabase(
        "UPDATE query_runs SET duration = duration + interval '1 microsecond'"
            + " WHERE id = (SELECT min(id) FROM query_runs)");
  }

  static void changeAStatus(Scene scene) {
    scene.changeDedicatedDatabase(
        "UPDATE queries SET status = 'archived'"
            + " WHERE id = (SELECT min(id) FROM queries WHERE status = 'active')");
  }

  static void pointAReferenceBack(Scene scene) {
    scene.changeDedicatedDatabase(
        "UPDATE artifacts SET uri = replace(uri, '%s', '%s')"
                .formatted(scene.dedicatedReference(), scene.sharedReference())
            + " WHERE id = (SELECT min(id) FROM artifacts)");
  }
}

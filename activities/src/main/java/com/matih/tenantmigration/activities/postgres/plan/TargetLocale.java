package com.matih.tenantmigration.activities.postgres.plan;

import com.matih.tenantmigration.activities.engine.PlanNotes;
import com.matih.tenantmigration.activities.postgres.provision.DatabaseTemplate;
import com.matih.tenantmigration.activities.postgres.provision.TargetServer;
import java.sql.SQLException;

/**
 * Warns where an existing target sorts and compares text in another way than the source: rows move
 * exactly, and the same query answers in another order.
 */
final class TargetLocale {

  private TargetLocale() {}

  /** Compares with the dedicated database, which is there and empty. */
  static void examine(TargetServer server, DatabaseTemplate source, PlanNotes findings)
      throws SQLException {
    DatabaseTemplate target = server.template();
    if (!locale(target).equals(locale(source))) {
      findings.warn(
          server.databaseName(),
          ("exists and has the locale %s, the source has %s: ORDER BY, upper(), lower() and ranges of"
                  + " text may give other answers there. Let the migration create the database, or"
                  + " create it with the source's locale.")
              .formatted(locale(target), locale(source)));
    }
  }

  private static String locale(DatabaseTemplate template) {
    String provider =
        switch (template.provider()) {
          case "i" -> "ICU";
          case "b" -> "built in";
          default -> "C library";
        };
    String own = template.locale() == null ? "" : " " + template.locale();
    return "%s/%s (%s%s)".formatted(template.collate(), template.ctype(), provider, own);
  }
}

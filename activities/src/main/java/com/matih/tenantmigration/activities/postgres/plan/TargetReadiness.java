package com.matih.tenantmigration.activities.postgres.plan;

import com.matih.tenantmigration.activities.engine.PlanNotes;
import com.matih.tenantmigration.activities.postgres.catalog.OutsideDependencies.Extension;
import com.matih.tenantmigration.activities.postgres.provision.TargetServer;
import com.matih.tenantmigration.activities.postgres.provision.TargetServer.Standing;
import com.matih.tenantmigration.jdbc.Sql;
import com.matih.tenantmigration.workflow.request.PostgresSpec;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;

/** Refuses what stands in the way on the target's server; changes nothing there. */
final class TargetReadiness {

  private static final String AVAILABLE =
      """
      SELECT e.default_version, coalesce(v.relocatable, true)
        FROM pg_available_extensions e
        LEFT JOIN pg_available_extension_versions v
          ON v.name = e.name AND v.version = e.default_version
       WHERE e.name = ?
      """;

  private TargetReadiness() {}

  /** An extension as the target's server offers it. */
  private record Available(String version, boolean relocatable) {}

  /** Looks whether the dedicated database can be created, or is there, empty and ours to use. */
  static void examineDatabase(TargetServer server, Connection maintenance, PlanNotes findings)
      throws SQLException {
    String name = server.databaseName();
    Standing standing = server.look(maintenance);
    if (standing instanceof Standing.Foreign foreign) {
      findings.refuse(name, foreign.why(), "Name another database in postgres.target.url.");
    } else if (standing instanceof Standing.Absent) {
      if (!Sql.isTrue(
          maintenance,
          "SELECT rolsuper OR rolcreatedb FROM pg_roles WHERE rolname = current_user")) {
        findings.refuse(
            name,
            "does not exist, and the target's user has no right to create databases",
            "ALTER ROLE … CREATEDB, or create the database, empty and owned by that user.");
      }
    } else if (!Sql.isTrue(
        maintenance,
        "SELECT pg_has_role(datdba, 'USAGE') FROM pg_database WHERE datname = ?",
        name)) {
      findings.refuse(
          name,
          "is not owned by the target's user or a role it belongs to",
          "ALTER DATABASE … OWNER TO that user.");
    }
  }

  /** Sessions of services that began while the database refused writes are ended by the cutover. */
  static void examineSessions(TargetServer server, Connection maintenance, PlanNotes findings)
      throws SQLException {
    if (!Sql.isTrue(
        maintenance,
        "SELECT rolsuper OR pg_has_role('pg_signal_backend', 'USAGE') FROM pg_roles"
            + " WHERE rolname = current_user")) {
      findings.warn(
          server.databaseName(),
          "may be used by services as roles whose sessions the target's user cannot end: a session"
              + " that begins before the cutover ends would refuse writes for as long as it lives."
              + " GRANT pg_signal_backend to that user, or have those services reconnect after"
              + " the cutover.");
    }
  }

  /** The tenant's schema takes the place of an empty one of its final name. */
  static void examinePlace(TargetServer server, PostgresSpec spec, PlanNotes findings)
      throws SQLException {
    String place = spec.targetSchema();
    if (place.equals(spec.sourceSchema())) {
      return;
    }
    for (String extension : server.extensionsFixedIn(place)) {
      findings.refuse(
          "extension " + extension,
          ("is in the schema %s of the dedicated database, whose name the tenant's schema gets, and"
                  + " the target's user cannot move it out of there: it is not its owner, or the"
                  + " extension does not let itself be moved")
              .formatted(place),
          "DROP EXTENSION there (the migration creates what the tenant uses), or choose another"
              + " targetSchema, such as %s.".formatted(spec.sourceSchema()));
    }
  }

  /** An existing database must hold text as the source does. */
  static void examineEncoding(
      TargetServer server, Connection maintenance, String sourceEncoding, PlanNotes findings)
      throws SQLException {
    String name = server.databaseName();
    Optional<String> encoding =
        Sql.text(
            maintenance,
            "SELECT pg_encoding_to_char(encoding) FROM pg_database WHERE datname = ?",
            name);
    if (encoding.isPresent() && !encoding.get().equals(sourceEncoding)) {
      findings.refuse(
          name,
          "holds text as %s and the source as %s".formatted(encoding.get(), sourceEncoding),
          "Create it with the source's encoding, or let the migration create it.");
    }
  }

  /**
   * What the schema needs must be there, and be able to make room for the schema's own name.
   *
   * @param spec the schema's names on both sides
   */
  static void examineExtensions(
      Connection maintenance, List<Extension> extensions, PostgresSpec spec, PlanNotes findings)
      throws SQLException {
    for (Extension extension : extensions) {
      Optional<Available> available =
          Sql.first(
              maintenance,
              AVAILABLE,
              row -> new Available(row.getString(1), row.getBoolean(2)),
              extension.name());
      if (available.isEmpty()) {
        refuseMissing(extension, findings);
        continue;
      }
      if (!available.get().version().equals(extension.version())) {
        findings.warn(
            "extension " + extension.name(),
            "is of version %s on the source and will be of version %s on the target."
                .formatted(extension.version(), available.get().version()));
      }
      if (!available.get().relocatable()
          && extension.schema().equals(spec.targetSchema())
          && !spec.sourceSchema().equals(spec.targetSchema())) {
        findings.refuse(
            "extension " + extension.name(),
            "is in the schema %s, whose name the tenant's schema gets, and cannot be moved out of it"
                .formatted(extension.schema()),
            "Choose another targetSchema, such as %s.".formatted(spec.sourceSchema()));
      }
    }
  }

  private static void refuseMissing(Extension extension, PlanNotes findings) {
    String object = "extension " + extension.name();
    if (extension.suspected()) {
      findings.warn(
          object,
          "is named by the text of a function and is not available on the target's server. Install"
              + " it there, or make sure that the function works without it.");
    } else {
      findings.refuse(
          object,
          "is used by the tables that move and is not available on the target's server",
          "Install it there.");
    }
  }

  static void examineRoles(
      Connection maintenance, List<SourceRights.PolicyRole> roles, PlanNotes findings)
      throws SQLException {
    for (SourceRights.PolicyRole role : roles) {
      if (Sql.text(maintenance, "SELECT rolname FROM pg_roles WHERE rolname = ?", role.role())
          .isEmpty()) {
        findings.refuse(
            "role " + role.role(),
            "is named by policy %s and does not exist on the target's server"
                .formatted(role.policy()),
            "CREATE ROLE it there.");
      }
    }
  }
}

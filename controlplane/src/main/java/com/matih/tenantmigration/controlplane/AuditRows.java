package com.matih.tenantmigration.controlplane;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.matih.tenantmigration.jdbc.Sql;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;

/** The SQL of the table {@code migration_audit}. */
final class AuditRows {

  private final ObjectMapper json;

  AuditRows(ObjectMapper json) {
    this.json = json;
  }

  /** Adds a line unless the step has one; answers whether it did. */
  boolean append(Connection connection, AuditEntry entry) throws SQLException {
    int added =
        Sql.update(
            connection,
            "INSERT INTO tenant_control.migration_audit"
                + " (migration_id, tenant_id, phase, event, outcome, details, step)"
                + " VALUES (?, ?, ?, ?, ?, ?::jsonb, ?) ON CONFLICT DO NOTHING",
            entry.migrationId(),
            entry.tenantId(),
            entry.phase(),
            entry.event(),
            entry.outcome(),
            write(entry.details()),
            entry.step());
    return added == 1;
  }

  /** The details of a step's line. */
  Optional<JsonNode> details(Connection connection, String migrationId, String step)
      throws SQLException {
    return Sql.text(
            connection,
            "SELECT details FROM tenant_control.migration_audit WHERE migration_id = ? AND step = ?",
            migrationId,
            step)
        .map(this::parse);
  }

  /** Which other migration was the last to change the tenant's configuration. */
  Optional<String> lastOtherChanger(
      Connection connection, String tenant, String migrationId, String stepPrefix)
      throws SQLException {
    return Sql.text(
        connection,
        "SELECT migration_id FROM tenant_control.migration_audit"
            + " WHERE tenant_id = ? AND migration_id <> ? AND starts_with(step, ?)"
            + " ORDER BY id DESC LIMIT 1",
        tenant,
        migrationId,
        stepPrefix);
  }

  List<AuditLine> list(Connection connection, String tenant) throws SQLException {
    return Sql.list(
        connection,
        "SELECT id, migration_id, tenant_id, at, phase, event, outcome, details"
            + " FROM tenant_control.migration_audit WHERE tenant_id = ? ORDER BY id",
        row ->
            new AuditLine(
                row.getLong(1),
                row.getString(2),
                row.getString(3),
                Sql.instant(row, 4),
                row.getString(5),
                row.getString(6),
                row.getString(7),
                parse(row.getString(8))),
        tenant);
  }

  private String write(Object details) {
    try {
      return json.writeValueAsString(details);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException("details that are not JSON: " + details.getClass(), e);
    }
  }

  private JsonNode parse(String text) {
    try {
      return json.readTree(text);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("details in the audit trail that are not JSON", e);
    }
  }
}

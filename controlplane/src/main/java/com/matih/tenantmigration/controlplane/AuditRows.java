package com.matih.tenantmigration.controlplane;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.OffsetDateTime;
import java.util.ArrayList;
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
    String sql =
        "INSERT INTO tenant_control.migration_audit"
            + " (migration_id, tenant_id, phase, event, outcome, details, step)"
            + " VALUES (?, ?, ?, ?, ?, ?::jsonb, ?) ON CONFLICT DO NOTHING";
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      statement.setString(1, entry.migrationId());
      statement.setString(2, entry.tenantId());
      statement.setString(3, entry.phase().name());
      statement.setString(4, entry.event());
      statement.setString(5, entry.outcome());
      statement.setString(6, write(entry.details()));
      statement.setString(7, entry.step());
      return statement.executeUpdate() == 1;
    }
  }

  /** The details of a step's line. */
  Optional<JsonNode> details(Connection connection, String migrationId, String step)
      throws SQLException {
    String sql =
        "SELECT details FROM tenant_control.migration_audit WHERE migration_id = ? AND step = ?";
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      statement.setString(1, migrationId);
      statement.setString(2, step);
      try (ResultSet rows = statement.executeQuery()) {
        return rows.next() ? Optional.of(parse(rows.getString(1))) : Optional.empty();
      }
    }
  }

  /** Which other migration was the last to change the tenant's configuration. */
  Optional<String> lastOtherChanger(
      Connection connection, String tenant, String migrationId, String stepPrefix)
      throws SQLException {
    String sql =
        "SELECT migration_id FROM tenant_control.migration_audit"
            + " WHERE tenant_id = ? AND migration_id <> ? AND starts_with(step, ?)"
            + " ORDER BY id DESC LIMIT 1";
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      statement.setString(1, tenant);
      statement.setString(2, migrationId);
      statement.setString(3, stepPrefix);
      try (ResultSet rows = statement.executeQuery()) {
        return rows.next() ? Optional.of(rows.getString(1)) : Optional.empty();
      }
    }
  }

  List<AuditLine> list(Connection connection, String tenant) throws SQLException {
    String sql =
        "SELECT id, migration_id, tenant_id, at, phase, event, outcome, details"
            + " FROM tenant_control.migration_audit WHERE tenant_id = ? ORDER BY id";
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      statement.setString(1, tenant);
      List<AuditLine> lines = new ArrayList<>();
      try (ResultSet rows = statement.executeQuery()) {
        while (rows.next()) {
          lines.add(
              new AuditLine(
                  rows.getLong(1),
                  rows.getString(2),
                  rows.getString(3),
                  rows.getObject(4, OffsetDateTime.class).toInstant(),
                  rows.getString(5),
                  rows.getString(6),
                  rows.getString(7),
                  parse(rows.getString(8))));
        }
      }
      return lines;
    }
  }

  private String write(Object details) {
    try {
      return json.writeValueAsString(details);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException("details that are no JSON: " + details.getClass(), e);
    }
  }

  private JsonNode parse(String text) {
    try {
      return json.readTree(text);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("details in the audit trail that are no JSON", e);
    }
  }
}

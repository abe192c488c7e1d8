package com.matih.tenantmigration.controlplane;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.matih.tenantmigration.controlplane.database.ControlPlaneFailures;
import com.matih.tenantmigration.workflow.FailureType;
import com.matih.tenantmigration.workflow.MigrationException;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A tenant's configuration that nobody else can change while a transaction lasts, together with
 * what the audit trail says about the migration's own steps on it. Valid in its transaction only.
 */
public final class LockedTenantConfig {

  private static final String BEFORE = "before";
  private static final String AFTER = "after";

  private final Connection connection;
  private final AuditRows audit;
  private final ObjectMapper json;
  private final @Nullable TenantConfig current;

  LockedTenantConfig(
      Connection connection, AuditRows audit, ObjectMapper json, @Nullable TenantConfig current) {
    this.connection = connection;
    this.audit = audit;
    this.json = json;
    this.current = current;
  }

  /** What the row says now; empty for a tenant without a row. */
  public Optional<TenantConfig> current() {
    return Optional.ofNullable(current);
  }

  /** What the rows of all other tenants say now; they are not locked. */
  public List<TenantConfig> others() {
    try {
      return TenantConfigRows.all(connection).stream()
          .filter(row -> current == null || !row.tenantId().equals(current.tenantId()))
          .toList();
    } catch (SQLException e) {
      throw ControlPlaneFailures.translate("read the tenants' configuration", e);
    }
  }

  /** Whether the migration's step has committed before. */
  public boolean isDone(String migrationId, String step) {
    return details(migrationId, step).isPresent();
  }

  /** What the configuration was before the migration's step changed it. */
  public Optional<TenantConfig> before(String migrationId, String step) {
    return details(migrationId, step).map(details -> parse(details.path(BEFORE)));
  }

  /** What the migration's step made of the configuration. */
  public Optional<TenantConfig> after(String migrationId, String step) {
    return details(migrationId, step).map(details -> parse(details.path(AFTER)));
  }

  /** The migration that changed the tenant's configuration last, if it is not this one. */
  public Optional<String> lastOtherChanger(String tenant, String migrationId, String stepPrefix) {
    try {
      return audit.lastOtherChanger(connection, tenant, migrationId, stepPrefix);
    } catch (SQLException e) {
      throw ControlPlaneFailures.translate("read the audit trail", e);
    }
  }

  /**
   * Changes the configuration and adds the line of the step, whose details become what was before
   * and what is after; both commit together.
   *
   * @throws MigrationException of type CONFIGURATION_CONFLICT where the row is not the one that was
   *     locked, or the step has a line already
   */
  public void change(TenantConfig next, AuditEntry step) {
    if (current == null) {
      throw conflict(step, "has no configuration");
    }
    if (isDone(step.migrationId(), step.step())) {
      throw conflict(step, "was already changed by this step");
    }
    try {
      TenantConfig changed =
          TenantConfigRows.compareAndSet(connection, current.version(), next)
              .orElseThrow(() -> conflict(step, "was changed by somebody else at the same time"));
      if (!audit.append(connection, withChange(step, current, changed))) {
        // no conflict, which a caller may survive: the change must not commit without its line
        throw new IllegalStateException("two steps changed one configuration under one lock");
      }
    } catch (SQLException e) {
      throw ControlPlaneFailures.translate("change the tenant's configuration", e);
    }
  }

  private static AuditEntry withChange(AuditEntry step, TenantConfig before, TenantConfig after) {
    return new AuditEntry(
        step.migrationId(),
        step.tenantId(),
        step.step(),
        step.phase(),
        step.event(),
        step.outcome(),
        Map.of(BEFORE, before, AFTER, after));
  }

  /** Adds a line without a change of the configuration, unless its step has one. */
  public void note(AuditEntry entry) {
    try {
      audit.append(connection, entry);
    } catch (SQLException e) {
      throw ControlPlaneFailures.translate("write the audit trail", e);
    }
  }

  private static MigrationException conflict(AuditEntry step, String what) {
    return new MigrationException(
        FailureType.CONFIGURATION_CONFLICT,
        "The configuration of tenant %s %s; step %s changed nothing."
            .formatted(step.tenantId(), what, step.step()));
  }

  private Optional<JsonNode> details(String migrationId, String step) {
    try {
      return audit.details(connection, migrationId, step);
    } catch (SQLException e) {
      throw ControlPlaneFailures.translate("read the audit trail", e);
    }
  }

  private TenantConfig parse(JsonNode node) {
    try {
      return json.treeToValue(node, TenantConfig.class);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a configuration in the audit trail that is none", e);
    }
  }
}

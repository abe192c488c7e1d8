package com.matih.tenantmigration.workflow.report;

import java.util.List;

/**
 * How services have acknowledged that a tenant is read-only.
 *
 * @param warnings name the services that have not
 */
public record Acknowledged(List<Warning> warnings) {

  public Acknowledged {
    warnings = List.copyOf(warnings);
  }
}

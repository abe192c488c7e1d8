package com.matih.tenantmigration.workflow.request;

import com.fasterxml.jackson.annotation.JsonProperty;

/** Whether a person must agree before the tenant is fenced. */
public enum Approval {
  @JsonProperty("automatic")
  AUTOMATIC,
  @JsonProperty("required")
  REQUIRED
}

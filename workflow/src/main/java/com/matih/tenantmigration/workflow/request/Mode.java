package com.matih.tenantmigration.workflow.request;

import com.fasterxml.jackson.annotation.JsonProperty;

/** Whether the tenant works while its data is copied. */
public enum Mode {
  /** It writes until shortly before the cutover; its changes are captured and followed. */
  @JsonProperty("online")
  ONLINE,
  /** It is read-only before anything is read. */
  @JsonProperty("offline")
  OFFLINE
}

package com.matih.tenantmigration.worker;

import com.fasterxml.jackson.annotation.JsonProperty;

/** What a line of the log looks like. */
public enum LogFormat {
  /** For people at a terminal. */
  @JsonProperty("plain")
  PLAIN,
  /** One JSON object a line, for containers. */
  @JsonProperty("json")
  JSON
}

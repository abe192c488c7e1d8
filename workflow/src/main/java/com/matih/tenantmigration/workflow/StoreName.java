package com.matih.tenantmigration.workflow;

/**
 * What a step, a refusal or a warning is about: a store of the request, or one of the things beside
 * them.
 */
public enum StoreName {
  TENANT("tenantConfig", "tenant"),
  POSTGRES("postgres", "database"),
  OBJECT_STORAGE("objectStorage", "objects"),
  KAFKA("kafka", "topics"),
  ELASTICSEARCH("elasticsearch", "documents"),
  REDIS("redis", "cache"),
  SNAPSHOT("snapshot", "snapshot"),
  VERIFICATION("verification", "check"),
  REQUEST("request", "request"),
  WORKFLOW("workflow", "workflow");

  private final String key;
  private final String words;

  StoreName(String key, String words) {
    this.key = key;
    this.words = words;
  }

  /** The name in requests, reports, metrics and the control plane. */
  public String key() {
    return key;
  }

  /** What it holds, in a word for people. */
  public String words() {
    return words;
  }
}

package com.matih.tenantmigration.devstack.sample;

import java.util.Optional;

/** The consumer groups of the shared cluster, which stand at different places. */
public enum SampleGroup {
  /** Reads events and the audit log, and has fallen behind. */
  INDEXER("indexer"),
  /** Reads usage to its end, and a part of the events. */
  BILLING("billing");

  private final String dedicatedName;

  SampleGroup(String dedicatedName) {
    this.dedicatedName = dedicatedName;
  }

  public String sharedName() {
    return "shared-" + dedicatedName;
  }

  public String dedicatedName() {
    return dedicatedName;
  }

  /** How many per cent of a partition it has read; empty where it has not committed at all. */
  Optional<Integer> percentRead(SampleTopic topic, int partition) {
    return switch (this) {
      case INDEXER ->
          switch (topic) {
            case QUERY_EVENTS -> Optional.of(60 + 10 * partition);
            case AUDIT_LOG -> Optional.of(100);
            case USAGE -> Optional.empty();
          };
      case BILLING ->
          switch (topic) {
            case QUERY_EVENTS -> partition == 0 ? Optional.of(0) : Optional.empty();
            case AUDIT_LOG -> Optional.empty();
            case USAGE -> Optional.of(partition == 0 ? 100 : 37);
          };
    };
  }
}

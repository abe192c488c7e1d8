package com.matih.tenantmigration.embedded;

import java.util.Optional;

/** A Temporal service to work against, started here or elsewhere. */
public interface Temporal {

  /** Host and port of its gRPC interface; the namespace is {@code default}. */
  String address();

  /** What it is, for people. */
  String description();

  /** The URL of its user interface, where there is one. */
  Optional<String> ui();

  /**
   * Whether it is the in-memory server, which forgets all when it ends and ignores the timeout of
   * sticky task queues: workers need a sticky schedule-to-start timeout of zero there, or their
   * workflows are stranded when they die.
   */
  boolean inMemory();
}

package com.matih.tenantmigration.embedded;

import java.util.Map;
import java.util.Optional;

/** A Temporal service to work against, started here or elsewhere. */
public interface Temporal {

  /**
   * What a client of our own servers is told beside the address, so that neither another variable
   * nor a profile in the user's home, with its namespace, API key and TLS, applies. A file that is
   * not there is one without profiles; one that is empty, the SDK does not bear.
   */
  Map<String, String> NO_PROFILE =
      Map.of(
          "TEMPORAL_CONFIG_FILE", "/nonexistent/temporal.toml",
          "TEMPORAL_PROFILE", "",
          "TEMPORAL_NAMESPACE", "default",
          "TEMPORAL_API_KEY", "",
          "TEMPORAL_TLS", "false");

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

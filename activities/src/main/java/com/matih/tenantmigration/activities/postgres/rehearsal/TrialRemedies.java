package com.matih.tenantmigration.activities.postgres.rehearsal;

import org.jspecify.annotations.Nullable;

/** What to do about what the dedicated server refuses, by its SQLSTATE. */
final class TrialRemedies {

  private static final String NO_RIGHT = "42501";

  private TrialRemedies() {}

  static String of(@Nullable String state) {
    String known = state == null ? "" : state;
    return switch (known) {
      // what does not exist: function, table, column, object, schema
      case "42883", "42P01", "42703", "42704", "3F000" ->
          "Write the name of what it uses with its schema, or give the function that does a"
              + " search_path of its own (ALTER FUNCTION ... SET search_path); what is in"
              + " another schema is not moved.";
      case "42501" -> "Grant the target's user that right.";
      case "0A000", "58P01" ->
          "Install what it needs on the target's server, or remove the object on the shared side.";
      default -> "Correct it on the shared side, or remove what the tenant does not need.";
    };
  }

  /** What to do where the schema cannot get its name on the target. */
  static String ofRename(@Nullable String state, String sourceSchema) {
    return NO_RIGHT.equals(state)
        ? ("Choose another targetSchema, such as %s. Before PostgreSQL 15 the schema public of a new"
                + " database belongs to a superuser, who alone can replace it.")
            .formatted(sourceSchema)
        : of(state);
  }
}

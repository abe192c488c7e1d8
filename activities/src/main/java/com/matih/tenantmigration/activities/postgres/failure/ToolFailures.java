package com.matih.tenantmigration.activities.postgres.failure;

import com.matih.tenantmigration.workflow.FailureType;
import com.matih.tenantmigration.workflow.MigrationException;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Turns what {@code pg_dump} and {@code pg_restore} say into what an operator can read.
 *
 * <p>They print no SQLSTATE, so the words decide: of a connection that broke, it may pass; of a
 * server that refused a statement, it does not, but for the few errors that pass. The programs run
 * with {@code LC_ALL=C}; a server that speaks another language is still told from a broken
 * connection by the program's own words around it.
 */
public final class ToolFailures {

  /** The shell's and Java's way to tell a signal. */
  private static final int FIRST_SIGNAL = 128;

  /** What begins the line that names the failed statement. */
  public static final String AT = "in ";

  /** Several jobs of {@code pg_restore} name no entry, but all repeat the statement. */
  private static final Pattern OBJECT =
      Pattern.compile(
          "from TOC entry \\d+; \\d+ \\d+ ([^|]+) \\S+(?: \\||$)|(?:^|\\| )"
              + AT
              + "((?:CREATE|ALTER|REFRESH|COMMENT|SECURITY) [^|]+?)(?: \\||$)");

  /** The first that is found decides. */
  private static final List<Rule> RULES =
      List.of(
          rule(
              FailureType.TOOL_MISSING,
              "server version mismatch|unsupported version \\([\\d.]+\\) in file header"),
          rule(
              FailureType.PERMISSION_DENIED,
              "permission denied (for|to)|must be (owner|superuser|member|able to SET ROLE)"
                  + "|authentication failed|no pg_hba.conf entry|no password supplied"
                  + "|is not permitted to log in|FATAL: +role .* does not exist"),
          rule(FailureType.BAD_REQUEST, "FATAL: +database .* does not exist"),
          rule(FailureType.STORE_BLOCKED, "ERROR: .*No space left on device"),
          rule(
              FailureType.STORE_ERROR,
              "deadlock detected|could not serialize access|could not obtain lock"
                  + "|canceling statement due to|out of (shared )?memory"
                  + "|in a read-only transaction|tuple concurrently (updated|deleted)"
                  + "|cache lookup failed|could not open relation with OID"
                  + "|is being accessed by other users"),
          rule(
              FailureType.STORE_UNREACHABLE,
              "terminating connection|the database system is|too many (clients|connections)"
                  + "|connection slots are reserved|server closed the connection"
                  + "|could not connect|connection to (server|database) .*failed"
                  + "|connection (was lost|not open|has been closed)|no connection to the server"
                  + "|could not (receive data from|send data to) server"
                  + "|could not translate host name|timeout expired|Connection refused"),
          rule(
              FailureType.DATA_REJECTED,
              "(ERROR|FATAL|PANIC): |could not execute query|error returned by PQputCopyData"));

  private ToolFailures() {}

  private record Rule(FailureType type, Pattern words) {}

  private static Rule rule(FailureType type, String words) {
    return new Rule(type, Pattern.compile(words));
  }

  /**
   * The failure of a program that did not end with 0. What nothing is known of may pass.
   *
   * @param said its last lines, without values of rows
   */
  public static MigrationException translate(
      String program, String doing, int status, String said) {
    FailureType type = typeOf(status, said);
    Matcher object = OBJECT.matcher(said);
    return new MigrationException(
        type,
        "%s could not %s%s (status %d): %s%s"
            .formatted(
                program,
                doing,
                object.find()
                    ? ", at " + (object.group(1) == null ? object.group(2) : object.group(1))
                    : "",
                status,
                said,
                FinalFailures.remedy(type, said).map(remedy -> ". " + remedy).orElse("")));
  }

  static FailureType typeOf(int status, String said) {
    if (status >= FIRST_SIGNAL) {
      return FailureType.TOOL_FAILED;
    }
    return RULES.stream()
        .filter(rule -> rule.words().matcher(said).find())
        .map(Rule::type)
        .findFirst()
        .orElse(FailureType.TOOL_FAILED);
  }
}

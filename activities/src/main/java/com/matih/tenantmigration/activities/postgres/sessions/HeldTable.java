package com.matih.tenantmigration.activities.postgres.sessions;

import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A table that somebody's transaction holds, told without any value of a tenant's: of a statement
 * only the command word, since its text can carry values.
 *
 * @param table as {@code schema.table}
 * @param holder who holds it, for people
 * @param transaction how long the transaction has been open; empty where the server hides that
 */
public record HeldTable(String table, String holder, Optional<Duration> transaction) {

  private static final Pattern FIRST_WORD = Pattern.compile("\\A[\\s(]*([A-Za-z]{2,12})\\b");

  /** Whatever else stands first may be a value: a statement that failed is shown as it was sent. */
  private static final Set<String> COMMANDS =
      Set.of(
          "ALTER",
          "ANALYZE",
          "BEGIN",
          "CALL",
          "CLOSE",
          "CLUSTER",
          "COMMENT",
          "COMMIT",
          "COPY",
          "CREATE",
          "DECLARE",
          "DELETE",
          "DO",
          "DROP",
          "EXECUTE",
          "EXPLAIN",
          "FETCH",
          "GRANT",
          "INSERT",
          "LISTEN",
          "LOCK",
          "MERGE",
          "MOVE",
          "NOTIFY",
          "PREPARE",
          "REFRESH",
          "REINDEX",
          "RELEASE",
          "REVOKE",
          "ROLLBACK",
          "SAVEPOINT",
          "SELECT",
          "SET",
          "SHOW",
          "START",
          "TABLE",
          "TRUNCATE",
          "UPDATE",
          "VACUUM",
          "VALUES",
          "WITH");

  /** The holders, each once; what to say where there is none any more. */
  public static String holders(List<HeldTable> held) {
    return held.isEmpty()
        ? "transactions that ended just now"
        : held.stream().map(HeldTable::holder).distinct().collect(Collectors.joining("; "));
  }

  /** The command word of a statement, such as {@code UPDATE}; empty where it is none we know. */
  static String command(@Nullable String statement) {
    Matcher first = FIRST_WORD.matcher(statement == null ? "" : statement);
    String word = first.find() ? first.group(1).toUpperCase(Locale.ROOT) : "";
    return COMMANDS.contains(word) ? word : "";
  }
}

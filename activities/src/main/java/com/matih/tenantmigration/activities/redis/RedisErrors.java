package com.matih.tenantmigration.activities.redis;

import static com.matih.tenantmigration.workflow.FailureType.BAD_REQUEST;
import static com.matih.tenantmigration.workflow.FailureType.DATA_REJECTED;
import static com.matih.tenantmigration.workflow.FailureType.PERMISSION_DENIED;
import static com.matih.tenantmigration.workflow.FailureType.STORE_BLOCKED;
import static com.matih.tenantmigration.workflow.FailureType.STORE_ERROR;
import static com.matih.tenantmigration.workflow.FailureType.STORE_UNREACHABLE;
import static java.util.Map.entry;

import com.matih.tenantmigration.workflow.FailureType;
import io.lettuce.core.RedisCommandExecutionException;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What each code that a Redis begins an error with means: whether the same command may succeed when
 * it is tried again, and which failure it is.
 *
 * <p>A code that is not listed tells of a state of a module or a proxy, which may pass. {@code ERR}
 * is final, but for the few of its texts that tell of such a state.
 */
final class RedisErrors {

  static final Map<String, FailureType> CODES =
      Map.ofEntries(
          entry("NOAUTH", PERMISSION_DENIED),
          entry("WRONGPASS", PERMISSION_DENIED),
          entry("NOPERM", PERMISSION_DENIED),
          entry("DENIED", PERMISSION_DENIED),
          // memory is not given back while a cache is warmed
          entry("OOM", STORE_BLOCKED),
          // it cannot save to its disk, which is full or gone, and takes no writes until it can
          entry("MISCONF", STORE_BLOCKED),
          // the plan saw a primary: a failover is going on
          entry("READONLY", STORE_ERROR),
          entry("MASTERDOWN", STORE_ERROR),
          entry("NOREPLICAS", STORE_ERROR),
          entry("UNBLOCKED", STORE_ERROR),
          entry("LOADING", STORE_UNREACHABLE),
          entry("BUSY", STORE_ERROR),
          entry("TRYAGAIN", STORE_ERROR),
          entry("CLUSTERDOWN", STORE_ERROR),
          // a restart or SCRIPT FLUSH forgot the script; each attempt brings it anew
          entry("NOSCRIPT", STORE_ERROR),
          entry("NOMASTERLINK", STORE_ERROR),
          entry("NOGOODSLAVE", STORE_ERROR),
          entry("NOQUORUM", STORE_ERROR),
          entry("INPROG", STORE_ERROR),
          entry("IOERR", STORE_ERROR),
          // it is a node of a cluster
          entry("MOVED", BAD_REQUEST),
          entry("ASK", BAD_REQUEST),
          entry("CROSSSLOT", BAD_REQUEST),
          entry("NOPROTO", BAD_REQUEST),
          entry("WRONGTYPE", DATA_REJECTED),
          entry("ERR", DATA_REJECTED),
          entry("EXECABORT", DATA_REJECTED),
          entry("BUSYKEY", DATA_REJECTED),
          entry("BUSYGROUP", DATA_REJECTED),
          entry("NOGROUP", DATA_REJECTED),
          entry("NOTBUSY", DATA_REJECTED),
          entry("UNKILLABLE", DATA_REJECTED),
          entry("INVALIDOBJ", DATA_REJECTED),
          entry("DUPLICATE", DATA_REJECTED));

  private static final Pattern PASSING_ERR =
      Pattern.compile(
          "(?i).*(max(imum)? number of clients|timed? ?out|try again|upstream|connection).*");

  /** What a script was answered, in the words of versions before 7. */
  private static final Pattern IN_SCRIPT = Pattern.compile("^ERR .*: -([A-Z]+)\\b.*");

  /** What a script is answered whose user lacks a right, in the words of every version. */
  private static final Pattern DENIED_IN_SCRIPT =
      Pattern.compile("(?is).*the user executing the script can't (run|access) .*");

  /** The command that a user may not run, as Redis names it. */
  private static final Pattern DENIED_COMMAND =
      Pattern.compile("(?s)^NOPERM .* to run the '([A-Za-z|._-]{1,64})' command.*");

  private RedisErrors() {}

  /** The command that the user may not run, in capitals; empty where the text does not name it. */
  static Optional<String> deniedCommand(String text) {
    Matcher denied = DENIED_COMMAND.matcher(text);
    return denied.matches()
        ? Optional.of(denied.group(1).toUpperCase(Locale.ROOT))
        : Optional.empty();
  }

  /** The code of an error's text; that of the command in a script where one failed there. */
  static String code(String text) {
    if (DENIED_IN_SCRIPT.matcher(text).matches()) {
      return "NOPERM";
    }
    Matcher inScript = IN_SCRIPT.matcher(text);
    return inScript.matches() ? inScript.group(1) : text.split(" ", 2)[0];
  }

  /** Whether a node of a cluster says that another one holds the key. */
  static boolean isElsewhere(Throwable failure) {
    return failure instanceof RedisCommandExecutionException
        && Set.of("MOVED", "ASK").contains(code(String.valueOf(failure.getMessage())));
  }

  static FailureType typeOf(String text) {
    String code = code(text);
    return code.equals("ERR") && PASSING_ERR.matcher(text).matches()
        ? STORE_ERROR
        : CODES.getOrDefault(code, STORE_ERROR);
  }
}

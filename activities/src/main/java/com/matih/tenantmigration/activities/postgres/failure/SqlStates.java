package com.matih.tenantmigration.activities.postgres.failure;

import static com.matih.tenantmigration.workflow.FailureType.BAD_REQUEST;
import static com.matih.tenantmigration.workflow.FailureType.DATA_REJECTED;
import static com.matih.tenantmigration.workflow.FailureType.NOT_MOVABLE;
import static com.matih.tenantmigration.workflow.FailureType.PERMISSION_DENIED;
import static com.matih.tenantmigration.workflow.FailureType.STORE_BLOCKED;
import static com.matih.tenantmigration.workflow.FailureType.STORE_ERROR;
import static com.matih.tenantmigration.workflow.FailureType.STORE_UNREACHABLE;
import static java.util.Map.entry;

import com.matih.tenantmigration.workflow.FailureType;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What each SQLSTATE of PostgreSQL's manual (appendix A) means: whether the same statement may
 * succeed when it is tried again, and which failure it is.
 *
 * <p>A code decides before its class. A code that is not listed is decided by its class. A class
 * that is not the server's comes from somebody's function or trigger, which raises it again.
 */
public final class SqlStates {

  /** The two digits that a code begins with. */
  static final Map<String, FailureType> CLASSES =
      Map.ofEntries(
          // no errors: a defect that another try meets again
          entry("00", DATA_REJECTED),
          entry("01", DATA_REJECTED),
          entry("02", DATA_REJECTED),
          entry("03", DATA_REJECTED),
          entry("08", STORE_UNREACHABLE),
          entry("09", DATA_REJECTED),
          entry("0A", DATA_REJECTED),
          entry("0B", DATA_REJECTED),
          entry("0F", DATA_REJECTED),
          entry("0L", PERMISSION_DENIED),
          entry("0P", PERMISSION_DENIED),
          entry("0Z", DATA_REJECTED),
          entry("10", DATA_REJECTED),
          entry("20", DATA_REJECTED),
          entry("21", DATA_REJECTED),
          entry("22", DATA_REJECTED),
          entry("23", DATA_REJECTED),
          entry("24", DATA_REJECTED),
          entry("25", DATA_REJECTED),
          entry("26", DATA_REJECTED),
          entry("27", DATA_REJECTED),
          entry("28", PERMISSION_DENIED),
          entry("2B", DATA_REJECTED),
          entry("2D", DATA_REJECTED),
          entry("2F", DATA_REJECTED),
          entry("34", DATA_REJECTED),
          entry("38", DATA_REJECTED),
          entry("39", DATA_REJECTED),
          entry("3B", DATA_REJECTED),
          entry("3D", BAD_REQUEST),
          entry("3F", DATA_REJECTED),
          entry("40", STORE_ERROR),
          entry("42", DATA_REJECTED),
          entry("44", DATA_REJECTED),
          entry("53", STORE_ERROR),
          entry("54", DATA_REJECTED),
          entry("55", DATA_REJECTED),
          entry("57", STORE_ERROR),
          entry("58", STORE_ERROR),
          entry("72", STORE_ERROR),
          entry("F0", DATA_REJECTED),
          entry("HV", DATA_REJECTED),
          entry("P0", DATA_REJECTED),
          entry("XX", STORE_ERROR));

  /** Codes that are not what their class is. */
  static final Map<String, FailureType> CODES =
      Map.ofEntries(
          // the driver gives up the login by itself
          entry("08004", PERMISSION_DENIED),
          // a standby, or a server in the middle of a failover, becomes writable
          entry("25006", STORE_ERROR),
          // tells only that an earlier statement failed
          entry("25P02", STORE_ERROR),
          entry("25P03", STORE_ERROR),
          entry("25P04", STORE_ERROR),
          entry("40002", DATA_REJECTED),
          entry("42501", PERMISSION_DENIED),
          // made at this moment by an attempt that overlaps; the next try finds it there
          entry("42P04", STORE_ERROR),
          entry("42P06", STORE_ERROR),
          entry("42P07", STORE_ERROR),
          entry("42710", STORE_ERROR),
          // a full disk stays full while the tenant is read-only
          entry("53100", STORE_BLOCKED),
          entry("53300", STORE_UNREACHABLE),
          entry("53400", DATA_REJECTED),
          entry("55006", STORE_ERROR),
          entry("55P03", STORE_ERROR),
          entry("57P01", STORE_UNREACHABLE),
          entry("57P02", STORE_UNREACHABLE),
          entry("57P03", STORE_UNREACHABLE),
          entry("57P04", BAD_REQUEST),
          entry("57P05", STORE_UNREACHABLE),
          // a library or an extension's file that the server lacks
          entry("58P01", DATA_REJECTED),
          entry("HV001", STORE_ERROR),
          entry("HV00N", STORE_ERROR),
          entry("XX001", NOT_MOVABLE),
          entry("XX002", NOT_MOVABLE),
          // the driver's own, for what it has no code for
          entry("99999", STORE_ERROR));

  /** Read-only sessions answer it to a query that changes something. */
  private static final String READ_ONLY = "25006";

  /** What "it is there already" reads like, in a database that nobody else fills. */
  private static final Set<String> DUPLICATES =
      Set.of("42P04", "42P06", "42P07", "42710", "42701", "42723");

  private SqlStates() {}

  /**
   * The failure that a code means.
   *
   * @param state {@code null} where there is none, which may pass
   */
  public static FailureType typeOf(@Nullable String state) {
    if (state == null || state.length() != 5) {
      return STORE_ERROR;
    }
    FailureType ofCode = CODES.get(state);
    return ofCode != null
        ? ofCode
        : CLASSES.getOrDefault(state.substring(0, 2), FailureType.DATA_REJECTED);
  }

  /** The same, of a statement that builds a schema in a database where nobody else builds. */
  public static FailureType typeOfBuilding(String state) {
    return DUPLICATES.contains(state) ? DATA_REJECTED : typeOf(state);
  }

  /** Whether a query that only reads will fail again with this code, however often it is tried. */
  public static boolean isFaultOfTheQuery(@Nullable String state) {
    return READ_ONLY.equals(state) || typeOf(state) == DATA_REJECTED;
  }

  /** Whether the server's message of this code quotes values of rows rather than names. */
  static boolean quotesValues(@Nullable String state) {
    return state != null && state.startsWith("22");
  }

  /** Whether the message is not the server's but that of a function or a trigger. */
  static boolean isRaisedByAFunction(@Nullable String state) {
    return state != null
        && (state.startsWith("P0")
            || (state.length() == 5
                && !CODES.containsKey(state)
                && !CLASSES.containsKey(state.substring(0, 2))));
  }
}

package com.matih.tenantmigration.activities.postgres.fence;

import com.matih.tenantmigration.activities.postgres.catalog.TenantPredicate;
import com.matih.tenantmigration.activities.postgres.sql.Identifiers;
import com.matih.tenantmigration.activities.postgres.sql.MigrationNames;
import com.matih.tenantmigration.activities.postgres.sql.SqlLiterals;
import com.matih.tenantmigration.activities.postgres.sql.TableName;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * The functions and triggers that refuse one tenant's writes, as SQL.
 *
 * <p>The judges are AFTER ROW triggers: they see the row as it was stored, after every BEFORE
 * trigger whatever its name. Where the row itself tells its tenant, the trigger's WHEN clause asks,
 * so that a neighbour's row costs one comparison and no call. Where a parent must be asked, a
 * function of the table's own does, as its owner: the writer may have no right to read the parent.
 *
 * @param migrationId twelve hexadecimal digits
 * @param schema the source's schema
 */
record FenceSql(String migrationId, String tenant, String schema) {

  private static final Pattern TOKEN = Pattern.compile("token [0-9a-f]{16}");

  /** What a trigger watches. */
  enum Event {
    INSERT,
    UPDATE,
    DELETE,
    TRUNCATE;

    /** The rows that tell whose they are: before the write, and as it was stored. */
    private List<String> rows() {
      return switch (this) {
        case INSERT -> List.of("NEW");
        case UPDATE -> List.of("OLD", "NEW");
        case DELETE -> List.of("OLD");
        case TRUNCATE -> List.of();
      };
    }
  }

  /** Each object of a migration's fence that lies in the fence's schema starts with this. */
  static String functionPrefix(String migrationId) {
    return "fence_" + migrationId;
  }

  String triggerName(Event event) {
    return MigrationNames.FENCE_TRIGGER_PREFIX
        + migrationId
        + "_"
        + event.name().toLowerCase(Locale.ROOT);
  }

  /** The function that refuses whatever calls it. */
  TableName refusingFunction() {
    return new TableName(MigrationNames.FENCE_SCHEMA, functionPrefix(migrationId));
  }

  /** The function that a table's row triggers call. */
  TableName functionOf(long tableOid, TenantPredicate rule) {
    return rule.isOfRowAlone()
        ? refusingFunction()
        : new TableName(MigrationNames.FENCE_SCHEMA, functionPrefix(migrationId) + "_" + tableOid);
  }

  /** Creates {@link #refusingFunction}, or makes it refuse again. */
  String createRefusingFunction() {
    return create(refusingFunction(), "", refusingBody());
  }

  /**
   * Creates a function for a table where the row alone does not tell whose it is.
   *
   * @param token sixteen hexadecimal digits that no earlier version of the function has
   * @param searchPath of the fence's session, quoted: what functions find that a parent's indexes
   *     call, which the server looks into when it plans the question
   */
  String createAskingFunction(
      TableName function, TenantPredicate rule, String token, String searchPath) {
    return create(function, asOwner(searchPath), askingBody(function, rule, token));
  }

  /** The options of a function that reads what the writer may have no right to read. */
  static String asOwner(String searchPath) {
    return " SECURITY DEFINER SET search_path = %s, pg_temp SET row_security = off"
        .formatted(searchPath);
  }

  /** A function's text with a token that is the same in all versions. */
  static String withoutToken(String body) {
    return TOKEN.matcher(body).replaceAll("token 0");
  }

  /** Lets whatever calls the function pass: the fence opens without a lock on any table. */
  static String createPassingFunction(TableName function) {
    return create(function, "", passingBody());
  }

  static String passingBody() {
    return "BEGIN RETURN NULL; END";
  }

  String refusingBody() {
    return "BEGIN " + raise() + " END";
  }

  /**
   * Asks the parents, or what the request's condition reads, with the snapshot that the writer has.
   *
   * <p>In READ COMMITTED each question has a snapshot of its own, which sees every parent that is
   * committed. A transaction of REPEATABLE READ or SERIALIZABLE has one for all its life: where it
   * is older than this very text, it may miss a parent of the tenant's, or see one whose tenant has
   * changed since, although the foreign key passes (on partitioned tables it looks further than we
   * can). Such a transaction is refused as one that could not be serialized: that is what it is,
   * and clients that use those levels try it again, with a snapshot that sees enough.
   */
  String askingBody(TableName function, TenantPredicate rule, String token) {
    StringBuilder body = new StringBuilder("BEGIN ");
    body.append(
        ("IF current_setting('transaction_isolation') IN ('repeatable read', 'serializable') THEN"
                + " IF NOT EXISTS (SELECT 1 FROM pg_proc p JOIN pg_namespace n ON n.oid ="
                + " p.pronamespace WHERE n.nspname = %s AND p.proname = %s AND strpos(p.prosrc,"
                + " 'token %s') > 0) THEN IF TG_OP IN ('UPDATE', 'DELETE') THEN IF %s THEN %s END IF;"
                + " END IF; IF TG_OP IN ('INSERT', 'UPDATE') THEN IF %s THEN %s END IF; END IF;"
                + " END IF; END IF; ")
            .formatted(
                SqlLiterals.quote(function.schema()),
                SqlLiterals.quote(function.table()),
                token,
                rule.mayBe("OLD"),
                notSerializable(),
                rule.mayBe("NEW"),
                notSerializable()));
    if (rule.holdsCondition()) {
      // what the request's SQL cannot be asked of is no row of the tenant: a neighbour's write must
      // not fail because of it, and the copy reads the tenant's rows by the same SQL
      return "#variable_conflict use_column\n"
          + body.append(guarded("IF TG_OP IN ('UPDATE', 'DELETE') THEN", rule, "OLD"))
              .append(guarded("IF TG_OP IN ('INSERT', 'UPDATE') THEN", rule, "NEW"))
              .append("RETURN NULL; END");
    }
    body.append(
        "IF TG_OP IN ('UPDATE', 'DELETE') THEN IF %s THEN %s END IF; END IF; "
            .formatted(rule.sql(schema, "OLD"), raise()));
    body.append(
        "IF TG_OP IN ('INSERT', 'UPDATE') THEN IF %s THEN %s END IF; "
            .formatted(rule.sql(schema, "NEW"), raise()));
    return body.append("END IF; RETURN NULL; END").toString();
  }

  private String guarded(String when, TenantPredicate rule, String row) {
    return "%s BEGIN IF %s THEN %s END IF; EXCEPTION WHEN data_exception THEN NULL; END; END IF; "
        .formatted(when, rule.sql(schema, row), raise());
  }

  /** The triggers of a table, one an event; of a TRUNCATE it is not told whose rows it takes. */
  String createTrigger(Event event, TableName table, TableName function, TenantPredicate rule) {
    if (event == Event.TRUNCATE) {
      return "CREATE TRIGGER %s BEFORE TRUNCATE ON %s FOR EACH STATEMENT EXECUTE FUNCTION %s()"
          .formatted(
              Identifiers.quote(triggerName(event)),
              Identifiers.quote(table),
              Identifiers.quote(function));
    }
    return "CREATE TRIGGER %s AFTER %s ON %s FOR EACH ROW%s EXECUTE FUNCTION %s()"
        .formatted(
            Identifiers.quote(triggerName(event)),
            event.name(),
            Identifiers.quote(table),
            when(event, rule),
            Identifiers.quote(function));
  }

  /** Has the triggers fire whatever {@code session_replication_role} says. */
  String enableTriggers(TableName table, Event... events) {
    return "ALTER TABLE ONLY %s %s"
        .formatted(
            Identifiers.quote(table),
            Arrays.stream(events)
                .map(event -> "ENABLE ALWAYS TRIGGER " + Identifiers.quote(triggerName(event)))
                .collect(Collectors.joining(", ")));
  }

  /** {@link #enableTriggers(TableName, Event...)} for all of them. */
  String enableTriggers(TableName table) {
    return enableTriggers(table, Event.values());
  }

  private String when(Event event, TenantPredicate rule) {
    if (!rule.isOfRowAlone()) {
      return "";
    }
    List<String> conditions = new ArrayList<>();
    for (String row : event.rows()) {
      conditions.add(rule.sql(schema, row));
    }
    return " WHEN (" + String.join(" OR ", conditions) + ")";
  }

  /** The statement that refuses a write. */
  String raise() {
    return ("RAISE EXCEPTION 'tenant %% is read-only here: it is being moved or has moved (migration %%): %% of"
            + " %%.%% refused', %s, %s, TG_OP, TG_TABLE_SCHEMA, TG_TABLE_NAME USING ERRCODE ="
            + " 'read_only_sql_transaction';")
        .formatted(SqlLiterals.quote(tenant), SqlLiterals.quote(migrationId));
  }

  /** The statement that refuses a writer whose snapshot does not tell whose row it is. */
  String notSerializable() {
    return ("RAISE EXCEPTION 'could not serialize access: the snapshot is older than the write fence"
            + " of tenant %% (migration %%) and does not tell whose row of %%.%% this is'"
            + ", %s, %s, TG_TABLE_SCHEMA, TG_TABLE_NAME USING ERRCODE = 'serialization_failure',"
            + " HINT = 'Try the transaction again.';")
        .formatted(SqlLiterals.quote(tenant), SqlLiterals.quote(migrationId));
  }

  static String create(TableName function, String options, String body) {
    return "CREATE OR REPLACE FUNCTION %s() RETURNS trigger LANGUAGE plpgsql%s AS %s"
        .formatted(Identifiers.quote(function), options, SqlLiterals.quote(body));
  }
}

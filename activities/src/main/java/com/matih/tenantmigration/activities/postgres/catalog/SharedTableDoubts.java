package com.matih.tenantmigration.activities.postgres.catalog;

import com.matih.tenantmigration.activities.postgres.client.BoundedCount;
import com.matih.tenantmigration.activities.postgres.client.TimeLimit;
import com.matih.tenantmigration.activities.postgres.sql.Identifiers;
import com.matih.tenantmigration.activities.postgres.sql.TableName;
import com.matih.tenantmigration.jdbc.Sql;
import com.matih.tenantmigration.workflow.request.MigrationRequest;
import com.matih.tenantmigration.workflow.request.PostgresSpec;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Says why a table of a schema that tenants share must not be copied whole unless a person says so:
 * it seems to hold rows of tenants or of people, and a tenant's foreign key leads there all the
 * same.
 *
 * <p>It judges by names, contents and use. One doubt too many costs a line of the request; one too
 * few would disclose other tenants' data.
 */
public final class SharedTableDoubts {

  /** Reference data is smaller. */
  private static final int MOST_ROWS = 10_000;

  /** More foreign keys of other schemas say nothing new. */
  private static final int MOST_KEYS = 20;

  private static final String SOMEBODY =
      "tenants?|organi[sz]ations?|orgs?|accounts?|compan(y|ies)|customers?|workspaces?|teams?|clients?"
          + "|sites?|shops?|stores?|merchants?|owners?|subdomains?|domains?|schemas?";

  /** Column names, in small letters and without underscores. */
  private static final Pattern OWNED_COLUMN =
      Pattern.compile("(%s)(id|key|name|uuid|slug|code|url)?".formatted(SOMEBODY));

  private static final Pattern PEOPLES_TABLE =
      Pattern.compile(
          ".*(%s|users?|people|persons?|members?|memberships?|sessions?|logins?|invitations?)"
              .formatted(SOMEBODY));

  /** Foreign keys of other schemas' tables; those of {@code public} are the shared ones' own. */
  private static final String KEYS_OF_OTHERS =
      """
      SELECT n.nspname,
             CASE WHEN c.relkind = 'p' THEN '' ELSE 'ONLY ' END || format('%%I.%%I', n.nspname, c.relname),
             (SELECT string_agg('r.' || quote_ident(ca.attname) || ' = t.' || quote_ident(ra.attname), ' AND ')
                FROM unnest(k.conkey, k.confkey) p(referencing, referenced)
                JOIN pg_attribute ca ON ca.attrelid = k.conrelid AND ca.attnum = p.referencing
                JOIN pg_attribute ra ON ra.attrelid = k.confrelid AND ra.attnum = p.referenced)
        FROM pg_constraint k
        JOIN pg_class c ON c.oid = k.conrelid
        JOIN pg_namespace n ON n.oid = c.relnamespace
       WHERE k.contype = 'f' AND k.conparentid = 0 AND k.confrelid = ?::text::regclass
         AND has_table_privilege(c.oid, 'SELECT')
         AND n.oid <> (SELECT relnamespace FROM pg_class WHERE oid = k.confrelid)
       ORDER BY n.nspname <> ?, n.nspname, c.relname
       LIMIT %d
      """
          .formatted(MOST_KEYS);

  private static final String NAMES_OF_TENANTS =
      """
      SELECT nspname FROM pg_namespace
       WHERE NOT starts_with(nspname::text, 'pg_') AND nspname NOT IN ('information_schema', 'public')
         AND nspname <> ALL (?)
      """;

  private final Connection source;
  private final MigrationRequest request;
  private final PostgresSpec spec;
  private final SharedObjects shared;
  private final TimeLimit limit;

  /**
   * A look.
   *
   * @param limit what is not known in time is a doubt
   */
  public SharedTableDoubts(
      Connection source, MigrationRequest request, SharedObjects shared, TimeLimit limit) {
    this.limit = limit;
    this.source = source;
    this.request = request;
    this.spec = Objects.requireNonNull(request.postgres(), "request without postgres");
    this.shared = shared;
  }

  /**
   * Why a table must not be copied.
   *
   * @param isNameEnough whether naming it in referenceTables dispels the doubt; {@code
   *     sharedWithAll} always does
   */
  public record Doubt(String reason, boolean isNameEnough) {}

  /** The doubts that the request leaves, by the table's name. */
  public Map<TableName, Doubt> all() throws SQLException {
    Map<TableName, Doubt> doubts =
        new TreeMap<>(java.util.Comparator.comparing(TableName::toString));
    for (SourceTable table : shared.tables().values()) {
      String name = table.name().toString();
      if (spec.tables().containsKey(name)) {
        continue;
      }
      boolean isNamed = spec.referenceTables().contains(name);
      of(table)
          .filter(doubt -> !(isNamed && doubt.isNameEnough()))
          .ifPresent(doubt -> doubts.put(table.name(), doubt));
    }
    return doubts;
  }

  private Optional<Doubt> of(SourceTable table) throws SQLException {
    Optional<String> byName = byName(table);
    if (byName.isPresent()) {
      return byName.map(reason -> new Doubt(reason, false));
    }
    Optional<Long> rows =
        BoundedCount.of(
            source,
            limit,
            "SELECT count(*) FROM (SELECT 1 FROM %s LIMIT %d) AS t"
                .formatted(table.rows().sql(), MOST_ROWS + 1));
    if (rows.isEmpty() || rows.get() > MOST_ROWS) {
      return Optional.of(
          new Doubt(
              "has more than %,d rows, which is a lot for reference data".formatted(MOST_ROWS),
              true));
    }
    Optional<String> naming = holdsNames(table);
    return naming.isPresent() ? naming.map(reason -> new Doubt(reason, false)) : byUse(table);
  }

  private static Optional<String> byName(SourceTable table) {
    if (PEOPLES_TABLE.matcher(plain(table.name().table())).matches()) {
      return Optional.of("seems, by its name, to hold tenants or people");
    }
    return table.columns().stream()
        .map(SourceTable.Column::name)
        .filter(
            column ->
                SharedTables.PERSONAL.matcher(column).matches()
                    || OWNED_COLUMN.matcher(plain(column)).matches())
        .findFirst()
        .map(
            column ->
                "has the column %s, which seems to be a tenant's or a person's".formatted(column));
  }

  private static String plain(String name) {
    return name.toLowerCase(Locale.ROOT).replace("_", "");
  }

  /** The names of tenants: their schemas', and what the request calls this one. */
  private Optional<String> holdsNames(SourceTable table) throws SQLException {
    List<String> texts =
        table.columns().stream()
            .filter(
                column ->
                    List.of("text", "varchar", "bpchar", "name", "uuid", "citext")
                        .contains(column.typeName()))
            .filter(column -> !column.type().endsWith("[]"))
            .map(SourceTable.Column::name)
            .toList();
    if (texts.isEmpty()) {
      return Optional.empty();
    }
    List<String> names = new ArrayList<>(List.of(request.tenant(), request.tenantKey()));
    names.addAll(Sql.texts(source, NAMES_OF_TENANTS, Sql.array("name", shared.schemas())));
    String holds =
        texts.stream()
            .map(column -> "t.%s::text = ANY (?)".formatted(Identifiers.quote(column)))
            .collect(Collectors.joining(" OR "));
    Object[] values = new Object[texts.size()];
    java.util.Arrays.fill(values, Sql.array("text", names));
    return Sql.isTrue(
            source,
            "SELECT EXISTS (SELECT 1 FROM %s AS t WHERE %s)".formatted(table.rows().sql(), holds),
            values)
        ? Optional.of("holds the name of a tenant or of a tenant's schema")
        : Optional.empty();
  }

  private record Use(String schema, String sql) {}

  /** Rows that only others reference, and not one that both do: each row is somebody's. */
  private Optional<Doubt> byUse(SourceTable table) throws SQLException {
    List<Use> uses =
        Sql.list(
            source,
            KEYS_OF_OTHERS,
            row ->
                new Use(
                    row.getString(1),
                    "EXISTS (SELECT 1 FROM %s AS r WHERE %s)"
                        .formatted(row.getString(2), row.getString(3))),
            Identifiers.quote(table.name()),
            spec.sourceSchema());
    String ours =
        any(uses.stream().filter(use -> use.schema().equals(spec.sourceSchema())).toList());
    String theirs =
        any(uses.stream().filter(use -> !use.schema().equals(spec.sourceSchema())).toList());
    Optional<Boolean> isDivided =
        BoundedCount.ask(
            source,
            limit,
            connection ->
                Sql.isTrue(
                    connection,
                    ("SELECT coalesce(bool_or(theirs), false) AND NOT coalesce(bool_or(ours AND"
                            + " theirs), false) FROM (SELECT %s AS ours, %s AS theirs FROM %s AS t)"
                            + " AS used")
                        .formatted(ours, theirs, table.rows().sql())));
    return isDivided.isPresent() && !isDivided.get()
        ? Optional.empty()
        : Optional.of(
            new Doubt(
                isDivided.isEmpty()
                    ? "is used by other schemas too, and it could not be determined in time whether"
                        + " tenants share its rows"
                    : "has rows that other schemas reference and none that this tenant and another"
                        + " one share",
                true));
  }

  private static String any(List<Use> uses) {
    return uses.isEmpty()
        ? "false"
        : uses.stream().map(Use::sql).collect(Collectors.joining(" OR ", "(", ")"));
  }
}

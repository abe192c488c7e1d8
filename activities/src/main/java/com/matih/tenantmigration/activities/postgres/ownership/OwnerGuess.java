package com.matih.tenantmigration.activities.postgres.ownership;

import com.matih.tenantmigration.activities.postgres.catalog.ForeignKey;
import com.matih.tenantmigration.activities.postgres.catalog.JoinTables;
import com.matih.tenantmigration.activities.postgres.catalog.Ownership;
import com.matih.tenantmigration.activities.postgres.catalog.SourceSchema;
import com.matih.tenantmigration.activities.postgres.catalog.SourceTable;
import com.matih.tenantmigration.activities.postgres.catalog.TenantPredicate.ByCondition;
import com.matih.tenantmigration.activities.postgres.catalog.TenantPredicate.Way;
import com.matih.tenantmigration.activities.postgres.catalog.TenantScopes.Scoped;
import com.matih.tenantmigration.activities.postgres.client.BoundedCount;
import com.matih.tenantmigration.activities.postgres.ownership.Proposals.Proposal;
import com.matih.tenantmigration.activities.postgres.sql.Identifiers;
import com.matih.tenantmigration.activities.postgres.sql.SqlLiterals;
import com.matih.tenantmigration.activities.postgres.sql.TableName;
import com.matih.tenantmigration.jdbc.Sql;
import com.matih.tenantmigration.workflow.request.TableRule;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** Guesses from names, keys and data whose the rows of a table are. */
final class OwnerGuess {

  private static final Duration LIMIT = Duration.ofSeconds(10);
  private static final Set<String> TEXTS = Set.of("text", "varchar", "bpchar", "uuid");
  private static final Set<String> NUMBERS = Set.of("int2", "int4", "int8", "numeric");

  /** Names of columns that hold tenants' keys, as people give them. */
  private static final Set<String> OWNERS =
      Set.of(
          "tenant",
          "organization",
          "organisation",
          "org",
          "account",
          "company",
          "customer",
          "workspace",
          "team",
          "client",
          "site",
          "shop",
          "store",
          "merchant",
          "project",
          "owner");

  private static final int MOST_KINDS = 20;

  private final Connection source;
  private final SourceSchema schema;

  OwnerGuess(Connection source, SourceSchema schema) {
    this.source = source;
    this.schema = schema;
  }

  /** A column that is named, or filled, as a tenant column. */
  Optional<Proposal> otherColumn(SourceTable table, Ownership ownership) throws SQLException {
    Set<String> known = new TreeSet<>(Set.of(plain(ownership.tenantColumn())));
    ownership
        .rules()
        .values()
        .forEach(
            rule ->
                Optional.ofNullable(rule.tenantColumn())
                    .map(OwnerGuess::plain)
                    // the tenants' own table may be named by a plain id
                    .filter(column -> !column.equals("id"))
                    .ifPresent(known::add));
    for (SourceTable.Column column : table.columns()) {
      if (known.contains(plain(column.name())) && isKeyType(column)) {
        return Optional.of(byColumn(column));
      }
    }
    for (SourceTable.Column column : table.columns()) {
      boolean isLikely =
          TEXTS.contains(column.typeName())
              || (NUMBERS.contains(column.typeName()) && isOwnersName(column.name()));
      if (isLikely && isKeyType(column) && holds(table, column, ownership.tenantKey())) {
        return Optional.of(byColumn(column));
      }
    }
    return Optional.empty();
  }

  private static Proposal byColumn(SourceTable.Column column) {
    return new Proposal(
        TableRule.byColumn(column.name()),
        "only the tenant's rows move, by the column " + column.name());
  }

  private static boolean isKeyType(SourceTable.Column column) {
    return column.builtIn()
        && !column.type().endsWith("[]")
        && (TEXTS.contains(column.typeName()) || NUMBERS.contains(column.typeName()));
  }

  private static String plain(String name) {
    return name.toLowerCase(Locale.ROOT).replace("_", "").replace("-", "");
  }

  private static boolean isOwnersName(String column) {
    String plain = plain(column);
    return OWNERS.stream().anyMatch(owner -> plain.equals(owner) || plain.equals(owner + "id"));
  }

  private boolean holds(SourceTable table, SourceTable.Column column, String tenantKey)
      throws SQLException {
    String sql =
        "SELECT count(*) FROM (SELECT 1 FROM %s AS t WHERE t.%s::text = %s LIMIT 1) AS found"
            .formatted(
                table.rows().sql(), Identifiers.quote(column.name()), SqlLiterals.quote(tenantKey));
    return isSeen(sql);
  }

  private boolean isSeen(String sql) throws SQLException {
    return BoundedCount.of(source, LIMIT, sql).orElse(0L) > 0;
  }

  /** A pair of columns, one of which says in which table the other one's row is. */
  Optional<Proposal> polymorphic(SourceTable table, Map<String, Scoped> scoped)
      throws SQLException {
    for (SourceTable.Column kind : table.columns()) {
      Optional<String> stem = stemOfKind(kind.name());
      Optional<SourceTable.Column> id =
          stem.flatMap(
              name ->
                  table.columns().stream()
                      .filter(column -> plain(column.name()).equals(plain(name) + "id"))
                      .findFirst());
      if (id.isPresent() && TEXTS.contains(kind.typeName())) {
        Optional<Proposal> found = polymorphic(table, kind, id.get(), scoped);
        if (found.isPresent()) {
          return found;
        }
      }
    }
    return Optional.empty();
  }

  private static Optional<String> stemOfKind(String column) {
    for (String ending : List.of("_type", "Type", "_kind", "Kind", "_class", "type")) {
      if (column.endsWith(ending) && column.length() > ending.length()) {
        return Optional.of(column.substring(0, column.length() - ending.length()));
      }
    }
    return Optional.empty();
  }

  private Optional<Proposal> polymorphic(
      SourceTable table, SourceTable.Column kind, SourceTable.Column id, Map<String, Scoped> scoped)
      throws SQLException {
    List<String> conditions = new ArrayList<>();
    List<String> names = new ArrayList<>();
    for (String value : kinds(table, kind)) {
      Optional<SourceTable> owner = ownerOf(value, scoped);
      if (owner.isPresent()) {
        String column = owner.get().primaryKey().get(0);
        String type = owner.get().column(column).map(SourceTable.Column::typeName).orElse("");
        String cast = type.equals(id.typeName()) ? "" : "::text";
        Scoped rule = scoped.get(owner.get().name().table());
        conditions.add(
            "%s = %s AND %s"
                .formatted(
                    RequestSql.name(kind.name()),
                    SqlLiterals.quote(value).strip(),
                    RequestSql.leadingTo(
                        RequestSql.name(id.name()) + cast,
                        RequestSql.name(column) + cast,
                        owner.get().name().table(),
                        rule.rules().tenants())));
        names.add(owner.get().name().table());
      }
    }
    return conditions.isEmpty()
        ? Optional.empty()
        : Optional.of(
            new Proposal(
                TableRule.byCondition(
                    conditions.size() == 1
                        ? conditions.get(0)
                        : "(" + String.join(") OR (", conditions) + ")"),
                "only those rows move that belong to the tenant's rows of "
                    + String.join(", ", names)));
  }

  private List<String> kinds(SourceTable table, SourceTable.Column kind) throws SQLException {
    String column = Identifiers.quote(kind.name());
    return BoundedCount.ask(
            source,
            LIMIT,
            connection ->
                Sql.texts(
                    connection,
                    "SELECT DISTINCT t.%1$s::text FROM %2$s AS t WHERE t.%1$s IS NOT NULL ORDER BY 1 LIMIT %3$d"
                        .formatted(column, table.rows().sql(), MOST_KINDS)))
        .orElse(List.of());
  }

  /** {@code Post}, {@code Blog::Post} and {@code App\Models\Post} are rows of {@code posts}. */
  private Optional<SourceTable> ownerOf(String kind, Map<String, Scoped> scoped) {
    String bare = kind.replaceAll(".*(::|[\\\\./])", "");
    Set<String> names = new TreeSet<>();
    for (String name : List.of(kind.replaceAll("::|[\\\\./]", "_"), bare)) {
      String plain = plain(name);
      names.addAll(List.of(plain, plain + "s", plain + "es"));
      if (plain.endsWith("y")) {
        names.add(plain.substring(0, plain.length() - 1) + "ies");
      }
    }
    return scoped.entrySet().stream()
        .filter(entry -> entry.getValue().isOneTenants())
        .map(entry -> schema.tables().get(entry.getKey()))
        .filter(table -> names.contains(plain(table.name().table())))
        .filter(table -> table.primaryKey().size() == 1)
        .findFirst();
  }

  /** What rows of the tenant reference: people by their memberships, and the like. */
  Optional<Proposal> fromAbove(SourceTable table, Map<String, Scoped> scoped, Ownership ownership)
      throws SQLException {
    List<ForeignKey> keys = new ArrayList<>();
    for (ForeignKey key : schema.foreignKeysTo(table.name())) {
      Scoped user = scoped.get(key.table().table());
      if (user != null && user.isOneTenants()) {
        keys.add(key);
      }
    }
    if (keys.isEmpty()) {
      return Optional.empty();
    }
    JoinTables joins = new JoinTables(source, schema, ownership);
    List<ForeignKey> ordered = new ArrayList<>();
    for (ForeignKey key : keys) {
      ordered.add(joins.joins(key) ? 0 : ordered.size(), key);
    }
    String where = "";
    Set<String> names = new TreeSet<>();
    for (ForeignKey key : ordered) {
      Scoped user = scoped.get(key.table().table());
      String more = RequestSql.referencedBy(key, user.rules().tenants());
      if (where.isEmpty()) {
        where = more;
        names.add(key.table().table());
      } else if (leadsElsewhere(key, user, table.name(), where, ownership)) {
        where = where + " OR " + more;
        names.add(key.table().table());
      }
    }
    return Optional.of(
        new Proposal(
            TableRule.byCondition(where),
            "only those rows move that the tenant's rows of %s reference"
                .formatted(String.join(", ", names))));
  }

  /** Whether the tenant's rows reference rows by this key that the condition does not pick. */
  private boolean leadsElsewhere(
      ForeignKey key, Scoped user, TableName table, String where, Ownership ownership)
      throws SQLException {
    Way way = new Way(key, new ByCondition(table, where, ownership.tenantKey(), 1));
    return BoundedCount.of(
                source,
                LIMIT,
                "SELECT count(*) FROM (SELECT 1 FROM %s AS t WHERE (%s) AND %s AND NOT %s LIMIT 1) AS found"
                    .formatted(
                        key.rows(schema.name()).sql(),
                        user.rules().tenants().sql(schema.name(), "t"),
                        key.isSet("t"),
                        way.sql(schema.name(), "t", 1)))
            .orElse(1L)
        > 0;
  }
}

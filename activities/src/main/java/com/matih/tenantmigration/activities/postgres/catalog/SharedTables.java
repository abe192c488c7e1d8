package com.matih.tenantmigration.activities.postgres.catalog;

import com.matih.tenantmigration.activities.postgres.catalog.TenantScopes.Scoped;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Finds tables that the request has copied whole although rows of tenants are in them: such a copy
 * would take what is every other tenant's along.
 */
public final class SharedTables {

  /** Columns that hold what is somebody's. */
  static final Pattern PERSONAL =
      Pattern.compile(
          "(?i).*(e_?mail|passw|secret|token|api_?key|phone|iban|ssn|first_?name|last_?name|birth).*");

  private final SourceSchema schema;
  private final Ownership ownership;
  private final Map<String, Scoped> settled;
  private final JoinTables joins;

  /**
   * A look.
   *
   * @param ownership what the request says
   */
  public SharedTables(Connection source, SourceSchema schema, Ownership ownership) {
    this.schema = schema;
    this.ownership = ownership;
    this.settled = TenantScopes.settle(schema, schema.tables().keySet(), ownership);
    this.joins = new JoinTables(source, schema, ownership);
  }

  /** Why each of the shared tables that nobody confirmed must not be copied whole, by its name. */
  public Map<String, String> tenants() throws SQLException {
    Map<String, String> reasons = new TreeMap<>();
    for (String name : unconfirmed()) {
      reason(schema.tables().get(name)).ifPresent(reason -> reasons.put(name, reason));
    }
    int before;
    do {
      before = reasons.size();
      for (String name : unconfirmed()) {
        belongsTo(schema.tables().get(name), key -> reasons.containsKey(key.referenced().table()))
            .ifPresent(reason -> reasons.putIfAbsent(name, reason));
      }
    } while (reasons.size() > before);
    return reasons;
  }

  private Optional<String> belongsTo(SourceTable table, Predicate<ForeignKey> leadsToTenants) {
    return schema.foreignKeysOf(table.name()).stream()
        .filter(key -> !key.referenced().equals(table.name()))
        .filter(leadsToTenants)
        .findFirst()
        .map(
            key ->
                ("belongs to tenants by its foreign key %s to %s, so copying all rows would"
                        + " include every other tenant's rows")
                    .formatted(key.name(), key.referenced()));
  }

  /** The tables that are copied whole of which the request does not say that all may have them. */
  public List<String> unconfirmed() {
    return ownership.shared().stream()
        .filter(schema.tables()::containsKey)
        .filter(name -> !ownership.rules().containsKey(name))
        .sorted()
        .toList();
  }

  private Optional<String> reason(SourceTable table) throws SQLException {
    if (table.has(ownership.tenantColumn())) {
      return Optional.of(
          "has the tenant column %s, so copying all rows would include every other tenant's rows"
              .formatted(ownership.tenantColumn()));
    }
    Optional<String> owned = belongsTo(table, this::leadsToTenants);
    if (owned.isPresent()) {
      return owned;
    }
    if (ownership.columnReferencedIn(schema, table).isPresent()) {
      return Optional.of(
          "is the table of the tenants: a tenant column references it, so copying all rows would"
              + " include every other tenant");
    }
    return fromAbove(table);
  }

  private boolean leadsToTenants(ForeignKey key) {
    Scoped owner =
        key.referenced().schema().equals(schema.name())
            ? settled.get(key.referenced().table())
            : null;
    return owner != null && owner.isOneTenants();
  }

  private Optional<String> fromAbove(SourceTable table) throws SQLException {
    for (ForeignKey key : users(table)) {
      if (joins.joins(key)) {
        return Optional.of(
            ("is joined with tenants by %s, so copying all rows would include rows that only"
                    + " other tenants use")
                .formatted(key.table()));
      }
    }
    Optional<String> personal =
        table.columns().stream()
            .map(SourceTable.Column::name)
            .filter(column -> PERSONAL.matcher(column).matches())
            .findFirst();
    return users(table).isEmpty()
        ? Optional.empty()
        : personal.map(
            column ->
                ("has the column %s, and rows of tenants reference it (%s), so copying all rows"
                        + " would include rows that only other tenants use")
                    .formatted(column, names(users(table))));
  }

  /** The foreign keys by which rows of tenants reference a table. */
  public List<ForeignKey> users(SourceTable table) {
    return schema.foreignKeysTo(table.name()).stream()
        .filter(
            key -> {
              Scoped user = settled.get(key.table().table());
              return user != null && user.isOneTenants();
            })
        .toList();
  }

  private static String names(List<ForeignKey> keys) {
    return keys.stream().map(ForeignKey::name).collect(Collectors.joining(", "));
  }
}

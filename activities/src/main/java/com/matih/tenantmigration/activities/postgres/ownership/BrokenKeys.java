package com.matih.tenantmigration.activities.postgres.ownership;

import com.matih.tenantmigration.activities.engine.PlanNotes;
import com.matih.tenantmigration.activities.postgres.catalog.ForeignKey;
import com.matih.tenantmigration.activities.postgres.catalog.ForeignRows;
import com.matih.tenantmigration.activities.postgres.catalog.TenantPredicate;
import com.matih.tenantmigration.activities.postgres.catalog.TenantPredicate.Leading;
import com.matih.tenantmigration.activities.postgres.catalog.TenantScopes.Rules;
import com.matih.tenantmigration.activities.postgres.catalog.TenantTable;
import com.matih.tenantmigration.activities.postgres.catalog.TenantTable.Scope;
import com.matih.tenantmigration.activities.postgres.catalog.TenantTables;
import com.matih.tenantmigration.activities.postgres.client.BoundedCount;
import com.matih.tenantmigration.activities.postgres.client.TimeLimit;
import com.matih.tenantmigration.activities.postgres.sql.TableName;
import com.matih.tenantmigration.jdbc.Sql;
import com.matih.tenantmigration.workflow.report.Units;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Refuses rows that move and reference a row that does not, before a foreign key fails because of
 * them; says which they are and what can be done.
 */
final class BrokenKeys {

  private final Connection source;
  private final TenantTables tables;
  private final TimeLimit limit;
  private final PlanNotes findings;

  /**
   * A look.
   *
   * @param limit how long the counts may take
   */
  BrokenKeys(Connection source, TenantTables tables, TimeLimit limit, PlanNotes findings) {
    this.source = source;
    this.tables = tables;
    this.limit = limit;
    this.findings = findings;
  }

  /** Looks at each key between tables whose rows can be read. */
  void examine(List<TenantTable> readable) throws SQLException {
    Map<String, TenantPredicate> moving = new HashMap<>();
    for (TenantTable table : readable) {
      if (table.inSharedSchema()) {
        continue;
      }
      TenantPredicate rule = tables.moving(table.name());
      moving.put(table.name().table(), rule);
      if (rule instanceof Leading leading) {
        tellLeft(table, leading);
      }
    }
    ForeignRows rows = new ForeignRows(source, tables.schema(), tables.shared(), limit);
    for (ForeignRows.Broken broken : rows.find(moving)) {
      if (broken.count().isPresent()) {
        refuse(broken.key(), broken.count().get(), moving);
      } else {
        findings.warn(
            broken.key().table(),
            ("has the foreign key %s to %s. It could not be checked within %d s whether all"
                    + " its rows reference rows that move.")
                .formatted(
                    broken.key().name(),
                    broken.key().referenced(),
                    BoundedCount.OF_PLAN.toSeconds()));
      }
    }
  }

  private void tellLeft(TenantTable table, Leading leading) throws SQLException {
    String keys =
        leading.ways().stream().map(way -> way.key().name()).collect(Collectors.joining(", "));
    String reason = "reference rows that do not move (foreign keys: %s)".formatted(keys);
    String remedy = "Have those rows move, or change the references.";
    Optional<Long> count =
        BoundedCount.of(
            source,
            limit,
            "SELECT count(*) FROM %s AS t WHERE (%s) AND (%s) IS NOT TRUE"
                .formatted(
                    table.rows().sql(),
                    leading.rule().sql(table.name().schema(), "t"),
                    leading.sql(table.name().schema(), "t")));
    if (count.isEmpty()) {
      findings.leaveUncounted(table.name(), reason, remedy);
    } else if (count.get() > 0) {
      findings.leave(table.name(), count.get(), reason, remedy);
    }
  }

  /**
   * What the referenced rows are.
   *
   * @param none how many rows reference a row that is not there
   * @param nobodys how many reference one of nobody's
   */
  private record Kinds(long none, long nobodys) {}

  private void refuse(ForeignKey key, long count, Map<String, TenantPredicate> moving)
      throws SQLException {
    Optional<Kinds> kinds =
        BoundedCount.ask(source, limit, connection -> kinds(connection, key, moving));
    long none = kinds.map(Kinds::none).orElse(0L);
    long nobodys = kinds.map(Kinds::nobodys).orElse(0L);
    long others = count - none - nobodys;
    String what = "(foreign key %s to %s)".formatted(key.name(), key.referenced());
    if (none > 0) {
      findings.refuse(
          key.table(),
          ("has %s referencing a row that does not exist %s: the key is marked as valid and is"
                  + " not")
              .formatted(Units.plural(none, "row"), what),
          "Correct those rows, set postgres.foreignReferences to leave so that they stay behind, or"
              + " make the foreign key NOT VALID.");
    }
    if (nobodys > 0) {
      findings.refuse(
          key.table(),
          "has %s referencing a row without a tenant, which does not move %s"
              .formatted(Units.plural(nobodys, "row"), what),
          "Set postgres.nobodysRows to carry so that those move along, or"
              + " postgres.foreignReferences to leave so that these rows stay behind.");
    }
    if (others > 0) {
      refuseOthers(key, others, what);
    }
  }

  private void refuseOthers(ForeignKey key, long count, String what) {
    boolean byCondition = tables.scoped(root(key.referenced())).scope() == Scope.CONDITION;
    findings.refuse(
        key.table(),
        byCondition
            ? "has %s referencing a row that the condition in postgres.tables does not select %s"
                .formatted(Units.plural(count, "row"), what)
            : "has %s referencing another tenant's row, which does not move %s"
                .formatted(Units.plural(count, "row"), what),
        (byCondition
                ? "Extend the condition of %s, or set".formatted(key.referenced().table())
                : "Correct those rows, or set")
            + " postgres.foreignReferences to leave so that these rows stay behind.");
  }

  private Kinds kinds(Connection connection, ForeignKey key, Map<String, TenantPredicate> moving)
      throws SQLException {
    TenantPredicate child = rule(moving, root(key.table()));
    TenantPredicate parent = rule(moving, root(key.referenced()));
    String schema = key.table().schema();
    Rules rules = tables.scoped(root(key.referenced())).rules();
    String referenced =
        "EXISTS (SELECT 1 FROM %s AS r WHERE %s AND %%s)"
            .formatted(key.referencedRows(schema).sql(), key.join(schema, "r", "t"));
    String nobodys =
        rules.mayHaveNobodys()
            ? "(%s) AND (%s) IS NOT TRUE"
                .formatted(rules.orNobodys().sql(schema, "r"), rules.tenants().sql(schema, "r"))
            : "false";
    return Sql.one(
        connection,
        "SELECT count(*) FILTER (WHERE NOT %s), count(*) FILTER (WHERE %s) FROM %s AS t WHERE %s"
            .formatted(
                referenced.formatted("true"),
                referenced.formatted(nobodys),
                key.rows(schema).sql(),
                ForeignRows.condition(key, child, parent)),
        row -> new Kinds(row.getLong(1), row.getLong(2)));
  }

  private TableName root(TableName table) {
    return tables.schema().root(table);
  }

  private TenantPredicate rule(Map<String, TenantPredicate> moving, TableName table) {
    return table.schema().equals(tables.schema().name())
        ? Optional.ofNullable(moving.get(table.table())).orElseThrow()
        : TenantPredicate.all();
  }
}

package com.matih.tenantmigration.activities.postgres.ownership;

import com.matih.tenantmigration.activities.postgres.catalog.Ownership;
import com.matih.tenantmigration.activities.postgres.catalog.SourceSchema;
import com.matih.tenantmigration.activities.postgres.catalog.SourceTable;
import com.matih.tenantmigration.activities.postgres.catalog.TenantScopes;
import com.matih.tenantmigration.activities.postgres.catalog.TenantScopes.Scoped;
import com.matih.tenantmigration.workflow.request.TableRule;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * Proposes lines of {@code postgres.tables} for the tables of which the catalog does not tell whose
 * their rows are, one after the other: what is proposed for one may settle others.
 *
 * <p>A proposal is a guess that a person reads and pastes; no row moves by it before.
 */
final class Proposals {

  /** The data is looked at for each. */
  private static final int MOST = 200;

  private final SourceSchema schema;
  private final Set<String> moving;
  private final OwnerGuess guess;
  private final Map<String, Proposal> proposed = new LinkedHashMap<>();
  private Ownership ownership;

  private Proposals(
      Connection source, SourceSchema schema, Set<String> moving, Ownership ownership) {
    this.schema = schema;
    this.moving = moving;
    this.ownership = ownership;
    this.guess = new OwnerGuess(source, schema);
  }

  /**
   * A rule for a table.
   *
   * @param effect what it has move, a clause without a full stop
   */
  record Proposal(TableRule rule, String effect) {}

  /**
   * What is proposed.
   *
   * @param rules by the table's name, in the order in which they were found
   * @param settled the tables that need no rule once these are there
   */
  record Found(Map<String, Proposal> rules, Set<String> settled) {}

  /**
   * Looks for rules.
   *
   * @param moving the tables that move, or would if it were known whose their rows are
   */
  static Found find(Connection source, SourceSchema schema, Set<String> moving, Ownership ownership)
      throws SQLException {
    return new Proposals(source, schema, moving, ownership).find();
  }

  private Found find() throws SQLException {
    Map<String, Scoped> scoped = TenantScopes.settle(schema, moving, ownership);
    while (proposed.size() < MOST && proposeNext(scoped)) {
      scoped = TenantScopes.settle(schema, moving, ownership);
    }
    return new Found(proposed, new TreeSet<>(scoped.keySet()));
  }

  /** Proposes the surest rule that there is now: of one kind for any table before the next kind. */
  private boolean proposeNext(Map<String, Scoped> scoped) throws SQLException {
    for (Kind kind : Kind.values()) {
      for (String name : moving) {
        if (!scoped.containsKey(name) && !ownership.rules().containsKey(name)) {
          Optional<Proposal> found = propose(kind, schema.tables().get(name), scoped);
          if (found.isPresent()) {
            proposed.put(name, found.get());
            ownership = ownership.with(name, found.get().rule());
            return true;
          }
        }
      }
    }
    return false;
  }

  /** How a table's owner may be found, the surest first. */
  private enum Kind {
    ROOT,
    OTHER_COLUMN,
    FROM_ABOVE,
    POLYMORPHIC
  }

  private Optional<Proposal> propose(Kind kind, SourceTable table, Map<String, Scoped> scoped)
      throws SQLException {
    return switch (kind) {
      case ROOT -> root(table);
      case OTHER_COLUMN -> guess.otherColumn(table, ownership);
      case POLYMORPHIC -> guess.polymorphic(table, scoped);
      case FROM_ABOVE -> guess.fromAbove(table, scoped, ownership);
    };
  }

  /** The tenants' own table: what another table's tenant column references. */
  private Optional<Proposal> root(SourceTable table) {
    return ownership
        .columnReferencedIn(schema, table)
        .map(
            column ->
                new Proposal(
                    TableRule.byColumn(column), "only the row of the tenant itself moves"));
  }
}

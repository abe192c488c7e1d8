package com.matih.tenantmigration.activities.postgres.plan;

import com.matih.tenantmigration.activities.engine.ObjectPresence;
import com.matih.tenantmigration.activities.engine.ObjectPresence.Side;
import com.matih.tenantmigration.activities.engine.PlanNotes;
import com.matih.tenantmigration.activities.postgres.catalog.TenantTable;
import com.matih.tenantmigration.activities.postgres.references.ReferenceColumn;
import com.matih.tenantmigration.activities.postgres.references.RequestedReferences;
import com.matih.tenantmigration.activities.postgres.references.StorageReferenceMapping;
import com.matih.tenantmigration.jdbc.Sql;
import com.matih.tenantmigration.workflow.MigrationContext;
import com.matih.tenantmigration.workflow.MigrationException;
import com.matih.tenantmigration.workflow.report.Units;
import com.matih.tenantmigration.workflow.request.PostgresSpec;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * Looks at the columns that the request lists in storageReferences: what in them is not rewritten,
 * what does not fit once it is, and what refers to no object already.
 */
final class NamedReferences {

  /** So many references of a column are looked up in the shared bucket. */
  private static final int LOOKED_UP = 1_000;

  private static final int NAMED = 3;

  private final Connection source;
  private final MigrationContext context;
  private final ObjectPresence objects;
  private final PlanNotes findings;

  NamedReferences(
      Connection source, MigrationContext context, ObjectPresence objects, PlanNotes findings) {
    this.source = source;
    this.context = context;
    this.objects = objects;
    this.findings = findings;
  }

  void examine(List<TenantTable> tables) throws SQLException {
    PostgresSpec spec = context.spec(PostgresSpec.class);
    Optional<StorageReferenceMapping> mapping = StorageReferenceMapping.of(context.request());
    if (spec.storageReferences().isEmpty() || mapping.isEmpty()) {
      return;
    }
    for (TenantTable table : tables) {
      for (ReferenceColumn column : RequestedReferences.of(source, spec, table.name())) {
        examine(table, column, mapping.get());
      }
    }
  }

  private void examine(TenantTable table, ReferenceColumn column, StorageReferenceMapping mapping)
      throws SQLException {
    String object = table.name() + "." + column.name();
    String mapped = column.isMapped(mapping);
    String mentioned = mapping.isMentioned(column.text());
    String tooLong =
        column.length().isPresent()
            ? "%s AND char_length((%s)::text) > %d"
                .formatted(mapped, column.mapped(mapping), column.length().getAsInt())
            : "false";
    record Counts(
        long elsewhere, long otherSpelling, long version, long tooLong, long unmappable) {}
    Counts counts =
        Sql.one(
            source,
            ("SELECT count(*) FILTER (WHERE NOT (%1$s) AND NOT (%2$s)),"
                    + " count(*) FILTER (WHERE NOT (%1$s) AND %2$s),"
                    + " count(*) FILTER (WHERE %1$s AND strpos(%3$s COLLATE \"C\", '?versionId=') > 0),"
                    + " count(*) FILTER (WHERE %4$s), count(*) FILTER (WHERE %5$s)"
                    + " FROM %6$s AS t WHERE (%7$s) AND %3$s IS NOT NULL")
                .formatted(
                    mapped,
                    mentioned,
                    column.text(),
                    tooLong,
                    column.isUnmappable(mapping),
                    table.rows().sql(),
                    table.predicate()),
            row ->
                new Counts(
                    row.getLong(1),
                    row.getLong(2),
                    row.getLong(3),
                    row.getLong(4),
                    row.getLong(5)));
    if (counts.unmappable() > 0) {
      findings.refuse(
          object,
          "has %s with references to %s and with several dimensions or a first index other than 1, which a rewrite would lose"
              .formatted(Units.plural(counts.unmappable(), "array"), mapping.from()),
          "Make them one-dimensional, or remove the column from storageReferences and rewrite it"
              + " after the migration.");
    }
    if (counts.tooLong() > 0) {
      findings.refuse(
          object,
          "has %s that would be longer than its %d characters once rewritten to %s"
              .formatted(
                  Units.plural(counts.tooLong(), "reference"),
                  column.length().getAsInt(),
                  mapping.to()),
          "Widen the column, or choose a shorter bucket and prefix.");
    }
    if (counts.otherSpelling() > 0) {
      findings.warn(
          object,
          "has %s mentioning %s in another spelling (a URL, encoded, or within a text). Such values are not rewritten and will still refer to the shared storage."
              .formatted(Units.plural(counts.otherSpelling(), "value"), mapping.from()));
    }
    if (counts.elsewhere() > 0) {
      findings.warn(
          object,
          "has %s without a reference to %s. Such values are not rewritten."
              .formatted(Units.plural(counts.elsewhere(), "value"), mapping.from()));
    }
    if (counts.version() > 0) {
      findings.warn(
          object,
          "has %s with a versionId. That version does not exist in the dedicated bucket."
              .formatted(Units.plural(counts.version(), "reference")));
    }
    lookUp(object, table, column, mapping);
  }

  private void lookUp(
      String object, TenantTable table, ReferenceColumn column, StorageReferenceMapping mapping)
      throws SQLException {
    List<String> references =
        Sql.texts(
            source,
            "SELECT one.v FROM %s AS t, %s WHERE (%s) AND %s LIMIT %d"
                .formatted(
                    table.rows().sql(),
                    column.texts(),
                    table.predicate(),
                    column.isMapped(mapping),
                    LOOKED_UP));
    Map<String, String> byKey =
        references.stream()
            .filter(mapping::isShared)
            .collect(
                Collectors.toMap(
                    StorageReferenceMapping::key, r -> r, (first, second) -> first, TreeMap::new));
    if (byKey.isEmpty()) {
      return;
    }
    TreeSet<String> missing;
    try {
      missing = new TreeSet<>(objects.missing(context, Side.SHARED, byKey.keySet()));
    } catch (MigrationException e) {
      if (e.type().retryable()) {
        throw e;
      }
      // the plan of the objects says what is wrong with their storage
      return;
    }
    if (!missing.isEmpty()) {
      findings.warn(
          object,
          "refers to objects that do not exist: %,d of the %,d that were looked up, such as %s. These references are rewritten all the same and stay dangling."
              .formatted(
                  missing.size(),
                  byKey.size(),
                  missing.stream().limit(NAMED).collect(Collectors.joining(", "))));
    }
  }
}

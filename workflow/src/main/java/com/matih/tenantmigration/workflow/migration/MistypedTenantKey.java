package com.matih.tenantmigration.workflow.migration;

import com.matih.tenantmigration.workflow.StoreName;
import com.matih.tenantmigration.workflow.report.Refusal;
import com.matih.tenantmigration.workflow.report.StoresSummary;
import com.matih.tenantmigration.workflow.report.Units;
import com.matih.tenantmigration.workflow.request.MigrationRequest;
import com.matih.tenantmigration.workflow.request.PostgresSpec;
import com.matih.tenantmigration.workflow.request.PostgresSpec.Isolation;
import java.util.List;
import java.util.Optional;

/**
 * Tells a tenant that is there from a key that marks nothing: with a mistyped one every copy is
 * empty, every check agrees, and the tenant would be switched to an empty database.
 *
 * <p>Objects are found by their prefix and not by the key. So where there are some, while neither a
 * row nor a document is the tenant's, it is the key that is wrong.
 */
final class MistypedTenantKey {

  private MistypedTenantKey() {}

  /** A refusal where the key must be wrong, by what all stores together would move. */
  static Optional<Refusal> refusal(MigrationRequest request, StoresSummary stores) {
    PostgresSpec postgres = request.postgres();
    if (postgres == null || postgres.isolation() != Isolation.ROWS) {
      return Optional.empty();
    }
    long objects = stores.objectStorage() == null ? 0 : stores.objectStorage().objects();
    return objects > 0 && hasNoRows(postgres, stores) && hasNoDocuments(stores)
        ? Optional.of(
            new Refusal(
                StoreName.POSTGRES,
                postgres.sourceSchema(),
                ("no table holds a row of the tenant '%s', although its prefix has" + " %s")
                    .formatted(request.tenantKey(), Units.plural(objects, "object")),
                "Correct tenantKey, the value that marks the tenant's rows in %s."
                    .formatted(postgres.tenantColumn())))
        : Optional.empty();
  }

  private static boolean hasNoRows(PostgresSpec postgres, StoresSummary stores) {
    if (stores.postgres() == null) {
      return false;
    }
    List<String> references =
        postgres.referenceTables().stream()
            .map(table -> postgres.targetSchema() + "." + table)
            .toList();
    List<StoresSummary.Table> own =
        stores.postgres().tables().stream()
            .filter(table -> !references.contains(table.table()))
            .toList();
    return !own.isEmpty() && own.stream().allMatch(table -> table.rows() == 0);
  }

  private static boolean hasNoDocuments(StoresSummary stores) {
    return stores.elasticsearch() == null
        || stores.elasticsearch().indices().stream().allMatch(index -> index.documents() == 0);
  }
}

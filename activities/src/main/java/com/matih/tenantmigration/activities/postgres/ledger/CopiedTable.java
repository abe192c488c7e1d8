package com.matih.tenantmigration.activities.postgres.ledger;

import com.matih.tenantmigration.activities.postgres.sql.Identifiers;
import com.matih.tenantmigration.activities.postgres.sql.TableName;
import java.util.List;

/**
 * A table as it is copied: one that holds rows itself.
 *
 * @param table its name in the source's schema
 * @param root the name of the partitioned table that it is a partition of, or its own
 * @param columns what is copied
 * @param filenode which file the source's rows lie in; another one holds them at other places
 */
public record CopiedTable(
    String table, String root, List<String> columns, CopyFormat format, long filenode) {

  public CopiedTable {
    columns = List.copyOf(columns);
  }

  /** {@code COPY … FROM STDIN} into the table of that name in a schema. */
  public static String copyIn(TableName table, List<String> columns, CopyFormat format) {
    return "COPY %s (%s) FROM STDIN %s"
        .formatted(Identifiers.quote(table), Identifiers.list(columns), format.option());
  }
}

package com.matih.tenantmigration.activities.postgres.ledger;

import com.matih.tenantmigration.activities.postgres.sql.Identifiers;
import com.matih.tenantmigration.activities.postgres.sql.TableName;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A table as it is copied: one that holds rows itself.
 *
 * @param table its name as {@link #nameOf} writes it
 * @param root in the same way, the name of the partitioned table that it is a partition of, or its
 *     own
 * @param columns what is copied
 * @param filenode which file the source's rows lie in; another one holds them at other places
 */
public record CopiedTable(
    String table, String root, List<String> columns, CopyFormat format, long filenode) {

  public CopiedTable {
    columns = List.copyOf(columns);
  }

  /** A name that tells the schema too: both in double quotes. */
  private static final Pattern QUALIFIED =
      Pattern.compile("\"((?:[^\"]|\"\")+)\"\\.\"((?:[^\"]|\"\")+)\"");

  /**
   * A table's name as ledger and snapshot know it: unqualified in the source's schema, and else
   * with its schema, both in double quotes.
   */
  public static String nameOf(TableName table, boolean isInSourceSchema) {
    return isInSourceSchema && !QUALIFIED.matcher(table.table()).matches()
        ? table.table()
        : Identifiers.quote(table);
  }

  /** What {@link #nameOf} was told. */
  public static TableName tableOf(String name, String sourceSchema) {
    Matcher qualified = QUALIFIED.matcher(name);
    return qualified.matches()
        ? new TableName(
            qualified.group(1).replace("\"\"", "\""), qualified.group(2).replace("\"\"", "\""))
        : new TableName(sourceSchema, name);
  }

  /** {@code COPY … FROM STDIN} into the table of that name in a schema. */
  public static String copyIn(TableName table, List<String> columns, CopyFormat format) {
    return "COPY %s (%s) FROM STDIN %s"
        .formatted(Identifiers.quote(table), Identifiers.list(columns), format.option());
  }
}

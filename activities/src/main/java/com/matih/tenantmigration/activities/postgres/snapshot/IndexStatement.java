package com.matih.tenantmigration.activities.postgres.snapshot;

import com.matih.tenantmigration.activities.postgres.sql.TableName;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What an archive says to build an index, or a key with its index.
 *
 * @param number the entry's number in the archive
 * @param object kind and name, for people
 * @param sql all that the entry does
 */
public record IndexStatement(String number, String object, String sql) {

  private static final String NAME = "(?:\"(?:[^\"]|\"\")+\"|[^\\s\".();]+)";
  private static final String TABLE = "(?<schema>%1$s)\\.(?<table>%1$s)".formatted(NAME);

  /** No brackets within: neither an expression nor a call. */
  private static final String COLUMNS = " \\([^()]*\\)";

  private static final String OPTIONS =
      "(?: INCLUDE%1$s)?(?: NULLS NOT DISTINCT)?(?: WITH%1$s)?".formatted(COLUMNS);

  private static final Pattern INDEX =
      Pattern.compile(
          "CREATE (?:UNIQUE )?INDEX %s ON %s USING (?<method>\\w+)%s%s;"
              .formatted(NAME, TABLE, COLUMNS, OPTIONS));

  private static final Pattern KEY =
      Pattern.compile(
          ("ALTER TABLE ONLY %s\\s+ADD CONSTRAINT %s"
                  + " (?:PRIMARY KEY|UNIQUE(?: NULLS NOT DISTINCT)?)%s%s"
                  + "(?: DEFERRABLE(?: INITIALLY DEFERRED)?)?;")
              .formatted(TABLE, NAME, COLUMNS, OPTIONS));

  private static final Set<String> SLOW_METHODS = Set.of("gin", "gist", "spgist");

  /**
   * The table, where the index depends on nothing but that table's own columns, and the entry does
   * nothing but build it; empty for all others.
   */
  public Optional<TableName> plainTable() {
    Matcher statement = isKey() ? KEY.matcher(sql) : INDEX.matcher(sql);
    return statement.matches()
        ? Optional.of(
            new TableName(plain(statement.group("schema")), plain(statement.group("table"))))
        : Optional.empty();
  }

  private static String plain(String name) {
    return name.startsWith("\"")
        ? name.substring(1, name.length() - 1).replace("\"\"", "\"")
        : name;
  }

  /** Whether it adds a constraint, for which the table is locked against all others. */
  public boolean isKey() {
    return sql.startsWith("ALTER TABLE ");
  }

  /** Whether building it takes many times as long as a sort of the same rows. */
  public boolean isSlow() {
    Matcher statement = INDEX.matcher(sql);
    return statement.matches() && SLOW_METHODS.contains(statement.group("method"));
  }
}

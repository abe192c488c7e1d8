package com.matih.tenantmigration.activities.engine;

import com.matih.tenantmigration.workflow.MigrationContext;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/** Reads rows of the tenant's dedicated database, for the stores that are fed from it. */
public interface DedicatedRows {

  /**
   * Runs a query on the dedicated database and hands over its rows one by one, in the query's
   * order, in constant memory. The query cannot change anything.
   *
   * @param row takes a row as column name to value in the columns' order, without the columns that
   *     are NULL; valid only during the call
   */
  Answer read(
      MigrationContext context,
      String sql,
      ProgressMonitor monitor,
      Consumer<Map<String, Value>> row);

  /**
   * What a query's answer is, beside its rows.
   *
   * @param columns their names, those included that are NULL in every row
   * @param ofTheMoment whether the query asks for the time, or for anything else that may be
   *     another when it runs again over the same rows
   */
  record Answer(List<String> columns, boolean ofTheMoment) {

    public Answer {
      columns = List.copyOf(columns);
    }
  }

  /** A value that is not NULL: what a {@code bytea} holds, or else the text of the value. */
  final class Value {

    private final byte[] bytes;
    private final boolean binary;

    private Value(byte[] bytes, boolean binary) {
      this.bytes = bytes;
      this.binary = binary;
    }

    public static Value ofText(String text) {
      return new Value(text.getBytes(StandardCharsets.UTF_8), false);
    }

    /** Of a binary column; the bytes are not copied. */
    public static Value ofBytes(byte[] bytes) {
      return new Value(bytes, true);
    }

    /** Whether it is a {@code bytea}, whose bytes need not be text. */
    public boolean isBinary() {
      return binary;
    }

    /** The bytes themselves, or those of the text in UTF-8; not a copy. */
    public byte[] bytes() {
      return bytes;
    }

    /** The bytes read as UTF-8. */
    public String text() {
      return new String(bytes, StandardCharsets.UTF_8);
    }
  }
}

package com.matih.tenantmigration.activities.postgres.references;

import com.matih.tenantmigration.activities.postgres.sql.Identifiers;
import com.matih.tenantmigration.activities.postgres.sql.TableName;
import com.matih.tenantmigration.jdbc.Sql;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * A column that can hold storage references, and SQL over its values, with the table's alias {@code
 * t}.
 *
 * @param type as SQL names it, without a length
 * @param form how references stand in its values; empty where they are found but not rewritten
 * @param length the most characters that it takes
 */
public record ReferenceColumn(String name, String type, Optional<Form> form, OptionalInt length) {

  /** How references stand in a column's values. */
  public enum Form {
    /** The value is a reference. */
    TEXT,
    /** Strings, or keys, of a JSON document are references. */
    JSON,
    /** Elements of a one-dimensional array are references. */
    ARRAY;

    /** The form of a type that SQL names so, without a length. */
    public static Optional<Form> of(String type) {
      return switch (type) {
        case "text", "character varying", "character" -> Optional.of(TEXT);
        case "json", "jsonb" -> Optional.of(JSON);
        case "text[]", "character varying[]" -> Optional.of(ARRAY);
        default -> Optional.empty();
      };
    }
  }

  /**
   * All strings, and keys, of a document that {@code jsonb} need not take: it rejects NULs, halves
   * of a surrogate pair and numbers that are too large. No reference has such characters.
   */
  private static final String TEXTS_OF_JSON =
      "LATERAL (SELECT m[1]::jsonb #>> '{}'"
          + " FROM regexp_matches(%s::text, '(\"(?:[^\"\\\\]|\\\\.)*\")', 'g') AS m"
          + " WHERE m[1] !~ '\\\\u(?:0000|[dD][89a-fA-F])') AS one(v)";

  private static final String TEXTS_OF_JSONB =
      "LATERAL (SELECT p #>> '{}'"
          + " FROM jsonb_path_query(%s, 'strict $.** ? (@.type() == \"string\")') AS p) AS one(v)";

  private static final String TEXT_LIKE =
      """
      SELECT a.attname, format_type(a.atttypid, NULL) AS type,
             CASE WHEN t.typname IN ('varchar', 'bpchar', '_varchar') AND a.atttypmod > 4
                  THEN a.atttypmod - 4 END AS length
        FROM pg_attribute a
        JOIN pg_type t ON t.oid = a.atttypid
        LEFT JOIN pg_type b ON b.oid = t.typbasetype
        LEFT JOIN pg_type e ON e.oid = t.typelem AND t.typcategory = 'A'
       WHERE a.attrelid = ?::text::regclass AND a.attnum > 0 AND NOT a.attisdropped
         AND a.attgenerated = ''
         AND (t.typcategory = 'S' OR e.typcategory = 'S'
              OR coalesce(b.typname, t.typname) IN ('json', 'jsonb', 'xml', 'hstore', '_json',
                                                    '_jsonb', '_xml'))
         AND t.oid NOT IN ('"char"'::regtype, 'name'::regtype)
       ORDER BY a.attnum
      """;

  /** A table's columns that can hold references: all that are text or contain text. */
  public static List<ReferenceColumn> of(Connection side, TableName table) throws SQLException {
    return Sql.list(
        side,
        TEXT_LIKE,
        row -> {
          String type = row.getString("type");
          int length = row.getInt("length");
          return new ReferenceColumn(
              row.getString("attname"),
              type,
              Form.of(type),
              length == 0 ? OptionalInt.empty() : OptionalInt.of(length));
        },
        Identifiers.quote(table));
  }

  private String value() {
    return "t." + Identifiers.quote(name);
  }

  /** All of a value as text. */
  public String text() {
    return value() + "::text";
  }

  /** True where a value has references that the mapping changes. */
  public String isMapped(StorageReferenceMapping mapping) {
    return switch (requiredForm()) {
      case TEXT -> mapping.isMapped(text());
      case JSON -> mapping.isMappedInJson(text());
      case ARRAY -> "(%s AND %s)".formatted(isPlainArray(), hasMappedElement(mapping));
    };
  }

  /** True where a value has references that cannot be mapped without another loss. */
  public String isUnmappable(StorageReferenceMapping mapping) {
    return requiredForm() == Form.ARRAY
        ? "(NOT (%s) AND %s)".formatted(isPlainArray(), hasMappedElement(mapping))
        : "false";
  }

  private String hasMappedElement(StorageReferenceMapping mapping) {
    return "EXISTS (SELECT FROM unnest(%s) AS element(v) WHERE %s)"
        .formatted(value(), mapping.isMapped("v::text"));
  }

  /** A value with its references mapped, of the column's type. */
  public String mapped(StorageReferenceMapping mapping) {
    return switch (requiredForm()) {
      case TEXT -> mapping.mapped(text());
      case JSON -> "(%s)::%s".formatted(mapping.mappedInJson(text()), type);
      case ARRAY ->
          "CASE WHEN %s THEN (SELECT array_agg(%s ORDER BY n)::%s FROM unnest(%s) WITH ORDINALITY AS element(v, n)) ELSE %s END"
              .formatted(isPlainArray(), mapping.mapped("v::text"), type, value(), value());
    };
  }

  /** A FROM item of the texts in a value, each of which may be a reference, as {@code one(v)}. */
  public String texts() {
    return switch (requiredForm()) {
      case TEXT -> "LATERAL (SELECT %s) AS one(v)".formatted(text());
      case JSON -> (type.equals("json") ? TEXTS_OF_JSON : TEXTS_OF_JSONB).formatted(value());
      case ARRAY ->
          "LATERAL (SELECT v FROM unnest(%s::text[]) AS element(v) WHERE v IS NOT NULL) AS one(v)"
              .formatted(value());
    };
  }

  /** Arrays of several dimensions, or that begin elsewhere, would lose their shape. */
  private String isPlainArray() {
    return "array_ndims(%1$s) = 1 AND array_lower(%1$s, 1) = 1".formatted(value());
  }

  private Form requiredForm() {
    return form.orElseThrow(
        () -> new IllegalStateException("references in %s are not rewritten".formatted(name)));
  }
}

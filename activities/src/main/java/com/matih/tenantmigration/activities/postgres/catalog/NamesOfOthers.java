package com.matih.tenantmigration.activities.postgres.catalog;

import com.matih.tenantmigration.activities.postgres.catalog.TenantPredicate.ByColumn;
import com.matih.tenantmigration.activities.postgres.sql.Identifiers;
import com.matih.tenantmigration.activities.postgres.sql.MigrationNames;
import com.matih.tenantmigration.jdbc.Sql;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Finds other tenants' keys in a schema's definitions: names, bounds, predicates, defaults, checks,
 * policies and comments say who the neighbours are just as rows do.
 *
 * <p>Which keys there are is told by the bounds of partitions that stay, by the tenants' own table
 * and by the statistics of tenant columns. Keys that are short or only digits are not looked for.
 * Those that are plain words, or versions, may well be something else: they are certain where they
 * are compared with a tenant column.
 */
public final class NamesOfOthers {

  private static final int MOST = 10_000;
  private static final int SHORTEST = 4;
  private static final Pattern LITERAL = Pattern.compile("'((?:[^']|'')+)'");

  /** A word, or a version, once folded. */
  private static final Pattern PLAIN = Pattern.compile("\\p{L}+|\\p{L}?\\d+(?:_\\d+)*");

  private static final String NAME = "(\"[^\"]++\"|[\\p{L}_][\\p{L}\\p{N}_$]*+)";
  private static final String CAST =
      "(?:::(?:\"[^\"]++\"|[\\p{L}_.]++(?: varying)?)(?:\\([\\d,]++\\))?(?:\\[\\])*+)";
  private static final String VALUE = "'[^']*+(?:''[^']*+)*+'" + CAST + "?";
  private static final String ENDS = "(?:\\)|" + CAST + ")*+";
  private static final String OPERATOR =
      "\\s*(?:=|<>|<=?|>=?|!?~~?\\*?|IS (?:NOT )?DISTINCT FROM|WHEN|,)\\s*";

  /** As the server writes it: {@code tenant_id = ANY (ARRAY['a'::text, 'b'::text])}. */
  private static final Pattern COMPARED =
      Pattern.compile(
          "(?<![\\p{L}\\p{N}_$\"])"
              + (NAME + ENDS + OPERATOR)
              + "(?:ANY |ALL )?(?:\\(|ARRAY\\[)*+"
              + ("(" + VALUE + "(?:" + ENDS + ",\\s*\\(*+" + VALUE + ")*+)"));

  private static final Pattern COMPARED_BEFORE =
      Pattern.compile("(" + VALUE + ")" + ENDS + OPERATOR + "\\(*+" + NAME);

  private static final Pattern WORD = Pattern.compile("[\\p{L}\\p{N}]+(?:[-_.][\\p{L}\\p{N}]+)*");

  /** Below a tenant's partition there may be others, by date or the like. */
  private static final String BOUNDS =
      """
      SELECT pg_get_expr(c.relpartbound, c.oid)
        FROM pg_class c
        JOIN pg_namespace n ON n.oid = c.relnamespace
        JOIN pg_inherits i ON i.inhrelid = c.oid
        JOIN pg_partitioned_table t ON t.partrelid = i.inhparent
        JOIN pg_attribute a ON a.attrelid = i.inhparent AND a.attnum = t.partattrs[0]
       WHERE n.nspname = ? AND c.relname = ANY (?) AND c.relispartition AND a.attname = ANY (?)
      """;

  private static final String FREQUENT =
      """
      SELECT DISTINCT unnest(most_common_vals::text::text[])
        FROM pg_stats WHERE schemaname = ? AND tablename = ? AND attname = ?
      """;

  /** Its comments may hold apostrophes, so what is a literal cannot be told for sure. */
  private static final String BODY = "body of function";

  /** What a definition says, with the relation, type or function that it belongs to. */
  private static final String TEXTS =
      """
      WITH ns AS (SELECT oid FROM pg_namespace WHERE nspname = ?),
      relations AS (
        SELECT c.oid, c.relname, c.relkind, c.relpartbound
          FROM pg_class c JOIN ns ON ns.oid = c.relnamespace
         WHERE c.relkind IN ('r', 'p', 'i', 'I', 'S', 'v', 'm', 'f')
           AND c.relname <> ALL (?)
           AND NOT EXISTS (SELECT 1 FROM pg_index i JOIN pg_class t ON t.oid = i.indrelid
                            WHERE i.indexrelid = c.oid AND t.relname = ANY (?))),
      functions AS (
        SELECT f.oid, f.proname,
               CASE WHEN f.prosrc <> '' THEN f.prosrc
                    WHEN f.prokind <> 'a' THEN pg_get_functiondef(f.oid) END AS body
          FROM pg_proc f JOIN ns ON ns.oid = f.pronamespace
         WHERE NOT EXISTS (SELECT 1 FROM pg_depend e WHERE e.classid = 'pg_proc'::regclass
                              AND e.objid = f.oid AND e.deptype = 'e')),
      types AS (
        SELECT t.oid, t.typname, t.typdefault
          FROM pg_type t JOIN ns ON ns.oid = t.typnamespace
         WHERE t.typtype IN ('d', 'e')
           AND NOT EXISTS (SELECT 1 FROM pg_depend e WHERE e.classid = 'pg_type'::regclass
                              AND e.objid = t.oid AND e.deptype = 'e')),
      parts AS (
        SELECT 'pg_class'::regclass AS catalog, oid, relname AS owner, relname AS name
          FROM relations
        UNION ALL SELECT 'pg_proc'::regclass, oid, proname, proname FROM functions
        UNION ALL SELECT 'pg_type'::regclass, oid, typname, typname FROM types
        UNION ALL
        SELECT 'pg_policy'::regclass, p.oid, r.relname, p.polname
          FROM relations r JOIN pg_policy p ON p.polrelid = r.oid
        UNION ALL
        SELECT 'pg_trigger'::regclass, g.oid, r.relname, g.tgname
          FROM relations r JOIN pg_trigger g ON g.tgrelid = r.oid
         WHERE NOT g.tgisinternal AND NOT starts_with(g.tgname, ?)
        UNION ALL
        SELECT 'pg_rewrite'::regclass, w.oid, r.relname, w.rulename
          FROM relations r JOIN pg_rewrite w ON w.ev_class = r.oid AND w.rulename <> '_RETURN'
        UNION ALL
        SELECT 'pg_constraint'::regclass, k.oid, r.relname, k.conname
          FROM relations r JOIN pg_constraint k ON k.conrelid = r.oid AND k.contype IN ('c', 'f')
        UNION ALL
        SELECT 'pg_constraint'::regclass, k.oid, t.typname, k.conname
          FROM types t JOIN pg_constraint k ON k.contypid = t.oid)
      SELECT owner, 'name', name::text FROM parts
      UNION ALL
      SELECT r.relname, 'name of column', a.attname::text
        FROM relations r JOIN pg_attribute a ON a.attrelid = r.oid
       WHERE r.relkind NOT IN ('i', 'I', 'S') AND a.attnum > 0 AND NOT a.attisdropped
      UNION ALL
      SELECT p.owner, 'comment', d.description
        FROM parts p JOIN pg_description d ON d.classoid = p.catalog AND d.objoid = p.oid
      UNION ALL
      SELECT proname, '%s', body FROM functions
      UNION ALL
      SELECT t.typname, 'label of enum', quote_literal(l.enumlabel)
        FROM types t JOIN pg_enum l ON l.enumtypid = t.oid
      UNION ALL
      SELECT t.typname, 'constraint ' || k.conname, pg_get_constraintdef(k.oid)
        FROM types t JOIN pg_constraint k ON k.contypid = t.oid
      UNION ALL
      SELECT typname, 'default', typdefault FROM types
      UNION ALL
      SELECT r.relname, 'rule ' || w.rulename, pg_get_ruledef(w.oid)
        FROM relations r JOIN pg_rewrite w ON w.ev_class = r.oid AND w.rulename <> '_RETURN'
      UNION ALL
      SELECT relname, 'bound of partition', pg_get_expr(relpartbound, oid) FROM relations
       WHERE relpartbound IS NOT NULL
      UNION ALL
      SELECT relname, 'definition of index', pg_get_indexdef(oid) FROM relations
       WHERE relkind IN ('i', 'I')
      UNION ALL
      SELECT relname, 'definition of view', pg_get_viewdef(oid) FROM relations
       WHERE relkind IN ('v', 'm')
      UNION ALL
      SELECT r.relname, 'constraint ' || k.conname, pg_get_constraintdef(k.oid)
        FROM relations r JOIN pg_constraint k ON k.conrelid = r.oid AND k.contype IN ('c', 'x')
      UNION ALL
      SELECT r.relname, 'default of column ' || a.attname, pg_get_expr(d.adbin, d.adrelid)
        FROM relations r JOIN pg_attrdef d ON d.adrelid = r.oid
        JOIN pg_attribute a ON a.attrelid = d.adrelid AND a.attnum = d.adnum
      UNION ALL
      SELECT r.relname, 'policy ' || p.polname,
             concat_ws(' ', pg_get_expr(p.polqual, p.polrelid), pg_get_expr(p.polwithcheck, p.polrelid))
        FROM relations r JOIN pg_policy p ON p.polrelid = r.oid
      UNION ALL
      SELECT r.relname, 'condition of trigger ' || g.tgname, pg_get_triggerdef(g.oid)
        FROM relations r JOIN pg_trigger g ON g.tgrelid = r.oid
       WHERE NOT g.tgisinternal AND NOT starts_with(g.tgname, ?)
      """
          .formatted(BODY);

  private final Set<String> keys;
  private final Set<String> columns;

  private NamesOfOthers(Set<String> keys, Set<String> columns) {
    this.keys = keys;
    this.columns = columns;
  }

  /**
   * A key of another tenant in a definition.
   *
   * @param object the table, index, view, sequence, type or function that it belongs to
   * @param where what holds it, such as "bound of partition"
   * @param isCertain whether it means the tenant; else it is a word that may mean something else
   */
  public record Found(String object, String where, boolean isCertain) {}

  /** Reads the keys of other tenants, as far as they are known without reading large tables. */
  public static NamesOfOthers read(Connection source, TenantTables tables, String tenantKey)
      throws SQLException {
    Set<String> keys = new TreeSet<>();
    Set<String> columns = new TreeSet<>();
    String schema = tables.schema().name();
    List<String> foreign = new ArrayList<>();
    tables.foreignPartitions().values().forEach(foreign::addAll);
    for (Map.Entry<String, TenantScopes.Scoped> entry : tables.scoped().entrySet()) {
      if (entry.getValue().rules().tenants() instanceof ByColumn rule) {
        SourceTable table = tables.schema().tables().get(entry.getKey());
        columns.add(rule.column());
        keys.addAll(
            table.primaryKey().equals(List.of(rule.column()))
                ? Sql.texts(
                    source,
                    "SELECT t.%s::text FROM %s AS t LIMIT %d"
                        .formatted(Identifiers.quote(rule.column()), table.rows().sql(), MOST))
                : Sql.texts(source, FREQUENT, schema, entry.getKey(), rule.column()));
      }
    }
    for (String bound :
        Sql.texts(
            source,
            BOUNDS,
            schema,
            Sql.array("name", foreign),
            Sql.array("name", List.copyOf(columns)))) {
      ForeignPartitions.firstValues(bound).forEach(value -> keys.addAll(literals(value)));
    }
    keys.remove(tenantKey);
    keys.removeIf(key -> key.length() < SHORTEST || key.chars().allMatch(Character::isDigit));
    Set<String> folded = new TreeSet<>();
    keys.forEach(key -> folded.add(fold(key)));
    folded.remove(fold(tenantKey));
    return new NamesOfOthers(folded, columns);
  }

  /** A name cannot hold what a key can: {@code bugs-b} becomes {@code bugs_b}. */
  private static String fold(String text) {
    return text.toLowerCase(Locale.ROOT).replaceAll("[-. ]", "_");
  }

  /**
   * Looks through a schema's definitions.
   *
   * @param staying tables and partitions that are not looked at, with their indexes
   */
  public List<Found> find(Connection side, String schema, Set<String> staying) throws SQLException {
    List<Found> found = new ArrayList<>();
    if (!keys.isEmpty()) {
      Sql.forEach(
          side,
          TEXTS,
          row -> {
            String where = row.getString(2);
            String text = row.getString(3);
            if (text != null && namesOther(where, text)) {
              found.add(new Found(row.getString(1), where, true));
            } else if (text != null && mayNameOther(where, text)) {
              found.add(new Found(row.getString(1), where, false));
            }
          },
          schema,
          Sql.array("name", staying),
          Sql.array("name", staying),
          MigrationNames.FENCE_TRIGGER_PREFIX,
          MigrationNames.FENCE_TRIGGER_PREFIX);
    }
    return found;
  }

  private boolean namesOther(String where, String text) {
    if (isProse(where)) {
      return hasWordOfOther(text);
    }
    return (where.equals(BODY) ? hasWordOfOther(text) : hasLiteralOfOther(where, text))
        || comparedWithTenants(text).stream().map(NamesOfOthers::fold).anyMatch(keys::contains);
  }

  private boolean hasLiteralOfOther(String where, String text) {
    return literals(text).stream()
        .map(NamesOfOthers::fold)
        .filter(literal -> where.startsWith("bound") || !PLAIN.matcher(literal).matches())
        .anyMatch(keys::contains);
  }

  private boolean hasWordOfOther(String text) {
    Matcher word = WORD.matcher(text);
    while (word.find()) {
      String folded = fold(word.group());
      // a key may be the end or the beginning of a name, such as docs_bugs_b
      for (int from = 0; from >= 0; from = next(folded, from)) {
        for (int to = folded.length(); to > from; to = folded.lastIndexOf('_', to - 1)) {
          String part = folded.substring(from, to);
          // a plain word is what tables are named after, too
          if (keys.contains(part) && !PLAIN.matcher(part).matches()) {
            return true;
          }
        }
      }
    }
    return false;
  }

  /** Whether a plain word stands in what is also about a tenant column. */
  private boolean mayNameOther(String where, String text) {
    return !isProse(where)
        && columns.stream().anyMatch(text::contains)
        && literals(text).stream().map(NamesOfOthers::fold).anyMatch(keys::contains);
  }

  private static boolean isProse(String where) {
    return where.startsWith("name") || where.equals("comment");
  }

  private Set<String> comparedWithTenants(String text) {
    Set<String> literals = new TreeSet<>();
    Matcher compared = COMPARED.matcher(text);
    while (compared.find()) {
      if (isTenantColumn(compared.group(1))) {
        literals.addAll(literals(compared.group(2)));
      }
    }
    Matcher before = COMPARED_BEFORE.matcher(text);
    while (before.find()) {
      if (isTenantColumn(before.group(2))) {
        literals.addAll(literals(before.group(1)));
      }
    }
    return literals;
  }

  private boolean isTenantColumn(String name) {
    return columns.contains(name.startsWith("\"") ? name.substring(1, name.length() - 1) : name);
  }

  private static Set<String> literals(String text) {
    Set<String> literals = new TreeSet<>();
    Matcher literal = LITERAL.matcher(text);
    while (literal.find()) {
      literals.add(literal.group(1).replace("''", "'"));
    }
    return literals;
  }

  private static int next(String folded, int from) {
    int mark = folded.indexOf('_', from);
    return mark < 0 ? -1 : mark + 1;
  }
}

package com.matih.tenantmigration.activities.postgres.snapshot;

import com.matih.tenantmigration.activities.postgres.catalog.SharedObjects.ObjectId;
import com.matih.tenantmigration.activities.postgres.sql.MigrationNames;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Decides which entries of an archive's list of contents travel.
 *
 * <p>A line of {@code pg_restore --list} reads {@code <entry>; <catalog's oid> <object's oid>
 * <kind> <schema> <name> <owner>}; objects are recognized by their oids in the shared database, so
 * no name has to be parsed. The fence's triggers stay behind, and the schema itself, which is
 * created before anything is restored.
 */
final class ArchiveList {

  private static final Pattern ENTRY = Pattern.compile("(\\d+); (\\d+) (\\d+) (.*)");

  /** What {@code --verbose} adds below an entry: the numbers of entries that it needs. */
  private static final Pattern NEEDS = Pattern.compile(";\\s+depends on:((?: \\d+)+)\\s*");

  /**
   * A check stands apart from its table, or its domain, where it is NOT VALID. A rule {@code
   * _RETURN} is the view itself, of which the archive's earlier entry has only the columns: views
   * that group by a key are written so, or that read one another in a circle.
   */
  private static final Pattern LATE =
      Pattern.compile(
          "FK CONSTRAINT |CHECK CONSTRAINT |TRIGGER |RULE (?!.* _RETURN )|POLICY |ROW SECURITY ");

  private static final long RELATIONS = 1259;
  private static final long CONSTRAINTS = 2606;
  private static final long NAMESPACES = 2615;
  private static final long TRIGGERS = 2620;

  private ArchiveList() {}

  /**
   * The list without what stays behind.
   *
   * @param list a verbose one where anything of shared schemas stays
   * @param fenceTriggers the triggers' oids
   * @param staying what stays of schemas that tenants share, by oids
   */
  static List<String> travelling(
      List<String> list, Set<Long> fenceTriggers, Set<ObjectId> staying) {
    List<Entry> entries = entries(list);
    Set<Long> left =
        entries.stream()
            .filter(entry -> staying.contains(new ObjectId(entry.catalog(), entry.object())))
            .map(Entry::number)
            .collect(Collectors.toSet());
    return entries.stream()
        .filter(entry -> travels(entry, fenceTriggers) && !isLeft(entry, left))
        .map(Entry::line)
        .toList();
  }

  /** Whether the line is an entry, and no comment. */
  static boolean isEntry(String line) {
    return ENTRY.matcher(line).matches();
  }

  /** Whether the line is an index, or a key with its index. */
  static boolean isIndex(String line) {
    Matcher entry = ENTRY.matcher(line);
    if (!entry.matches()) {
      return false;
    }
    long catalog = Long.parseLong(entry.group(2));
    String text = entry.group(4);
    return (catalog == RELATIONS && text.startsWith("INDEX "))
        || (catalog == CONSTRAINTS && text.startsWith("CONSTRAINT "));
  }

  /** Whether the line is a foreign key. */
  static boolean isForeignKey(String line) {
    Matcher entry = ENTRY.matcher(line);
    return entry.matches() && entry.group(4).startsWith("FK CONSTRAINT ");
  }

  /**
   * The numbers of what only a database can have whose rows are written by nobody but its services:
   * foreign keys, checks that rows which are there may break, what acts on writes, or hides rows,
   * and comments on such.
   *
   * @param list a verbose one
   */
  static Set<String> late(List<String> list) {
    List<Entry> entries = entries(list);
    Set<Long> late =
        entries.stream()
            .filter(entry -> LATE.matcher(entry.text()).lookingAt())
            .map(Entry::number)
            .collect(Collectors.toSet());
    return entries.stream()
        .filter(
            entry ->
                late.contains(entry.number())
                    || (entry.text().startsWith("COMMENT ")
                        && entry.needs().stream().anyMatch(late::contains)))
        .map(entry -> number(entry.line()))
        .collect(Collectors.toSet());
  }

  /** The number of the line's entry. */
  static String number(String line) {
    return line.substring(0, line.indexOf(';'));
  }

  /** What has no oids of its own, such as a comment, goes where the object goes that it needs. */
  private static boolean isLeft(Entry entry, Set<Long> left) {
    return left.contains(entry.number())
        || (entry.object() == 0 && entry.needs().stream().anyMatch(left::contains));
  }

  private static boolean travels(Entry entry, Set<Long> fenceTriggers) {
    return entry.catalog() != NAMESPACES
        && !(entry.catalog() == TRIGGERS && fenceTriggers.contains(entry.object()))
        && !isCommentOnFence(entry);
  }

  /** A comment's entry has no oids; the fence's triggers bear names that nobody else uses. */
  private static boolean isCommentOnFence(Entry entry) {
    return entry.text().startsWith("COMMENT ")
        && entry.text().contains(" TRIGGER \"" + MigrationNames.FENCE_TRIGGER_PREFIX);
  }

  private static List<Entry> entries(List<String> list) {
    List<Entry> entries = new ArrayList<>();
    for (String line : list) {
      Matcher entry = ENTRY.matcher(line);
      Matcher needs = NEEDS.matcher(line);
      if (entry.matches()) {
        entries.add(
            new Entry(
                line,
                Long.parseLong(entry.group(1)),
                Long.parseLong(entry.group(2)),
                Long.parseLong(entry.group(3)),
                entry.group(4),
                List.of()));
      } else if (needs.matches() && !entries.isEmpty()) {
        entries.add(entries.remove(entries.size() - 1).needing(needs.group(1)));
      }
    }
    return entries;
  }

  private record Entry(
      String line, long number, long catalog, long object, String text, List<Long> needs) {

    Entry needing(String numbers) {
      return new Entry(
          line,
          number,
          catalog,
          object,
          text,
          Arrays.stream(numbers.strip().split(" ")).map(Long::valueOf).toList());
    }
  }
}

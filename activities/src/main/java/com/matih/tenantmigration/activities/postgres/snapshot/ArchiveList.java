package com.matih.tenantmigration.activities.postgres.snapshot;

import com.matih.tenantmigration.activities.postgres.sql.MigrationNames;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Decides which entries of an archive's list of contents travel.
 *
 * <p>A line of {@code pg_restore --list} reads {@code <entry>; <catalog's oid> <object's oid>
 * <kind> <schema> <name> <owner>}; objects are recognized by their oids in the shared database, so
 * no name has to be parsed. The fence's triggers stay behind, and the schema itself, which is
 * created before anything is restored.
 */
final class ArchiveList {

  private static final Pattern ENTRY = Pattern.compile("\\d+; (\\d+) (\\d+) (.*)");
  private static final long NAMESPACES = 2615;
  private static final long TRIGGERS = 2620;

  private ArchiveList() {}

  /**
   * The list without what stays behind.
   *
   * @param fenceTriggers the triggers' oids
   */
  static List<String> travelling(List<String> list, Set<Long> fenceTriggers) {
    return list.stream().filter(line -> travels(line, fenceTriggers)).toList();
  }

  /** Whether the line is an entry, and no comment. */
  static boolean isEntry(String line) {
    return entry(line).isPresent();
  }

  private static boolean travels(String line, Set<Long> fenceTriggers) {
    return entry(line)
        .map(
            entry ->
                entry.catalog() != NAMESPACES
                    && !(entry.catalog() == TRIGGERS && fenceTriggers.contains(entry.object()))
                    && !isCommentOnFence(entry))
        .orElse(false);
  }

  /** A comment's entry has no oids; the fence's triggers bear names that nobody else uses. */
  private static boolean isCommentOnFence(Entry entry) {
    return entry.text().startsWith("COMMENT ")
        && entry.text().contains(" TRIGGER \"" + MigrationNames.FENCE_TRIGGER_PREFIX);
  }

  private static Optional<Entry> entry(String line) {
    Matcher matcher = ENTRY.matcher(line);
    return matcher.matches()
        ? Optional.of(
            new Entry(
                Long.parseLong(matcher.group(1)),
                Long.parseLong(matcher.group(2)),
                matcher.group(3)))
        : Optional.empty();
  }

  private record Entry(long catalog, long object, String text) {}
}

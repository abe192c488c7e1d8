package com.matih.tenantmigration.activities.elasticsearch.client;

import com.matih.tenantmigration.activities.engine.EndOfWork;
import com.matih.tenantmigration.controlplane.MigrationJournal;
import com.matih.tenantmigration.workflow.StoreName;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Names that several of a migration's steps must agree on. */
public final class ElasticsearchNames {

  /** The store as the report and the journal name it. */
  public static final String STORE = StoreName.ELASTICSEARCH.key();

  private static final String ALIAS = "-migration-";
  private static final Pattern MIGRATION = Pattern.compile(ALIAS + "([0-9a-f]{12})");

  private ElasticsearchNames() {}

  /**
   * What the alias' name begins with that this migration writes an index through ({@link
   * WriteAlias}).
   */
  public static String writeAlias(String index, String migrationId) {
    return index + ALIAS + migrationId;
  }

  /** The migration whose write alias it is; empty text for any other alias. */
  static String migrationOf(String index, String alias) {
    Matcher id = MIGRATION.matcher(alias);
    return alias.startsWith(index + ALIAS) && id.find(index.length()) ? id.group(1) : "";
  }

  /** The note with an index' real settings, kept while it has those for loading. */
  public static String settingsNote(String index) {
    return "settings " + index;
  }

  /** The note with what an index' mapping says in service and not while it is loaded. */
  public static String mappingNote(String index) {
    return "mapping " + index;
  }

  /** The note that an index was there before, and empty. */
  public static String adoptedNote(String index) {
    return "adopted " + index;
  }

  /** The note with what the tenant had in a shared index when the copy began. */
  public static String quietNote(String sourceName) {
    return "quiet " + sourceName;
  }

  /** The note that an index' base was copied while the tenant worked, with its documents. */
  public static String baseNote(String index) {
    return "base " + index;
  }

  /** The note with how far each shard of the shared index is carried over. */
  public static String positionsNote(String index) {
    return "positions " + index;
  }

  /** The note with the last attempt whose every write was answered before it ended. */
  public static String leftNote(String index) {
    return "left " + index;
  }

  /** The note with what the shared index showed in the last round while the tenant wrote. */
  public static String viewNote(String index) {
    return "view " + index;
  }

  /** The note that all documents were compared, so that each later one is compared by itself. */
  public static String comparedNote(String index) {
    return "compared " + index;
  }

  /** The note with what the last round found, when the tenant wrote no more. */
  public static String drainedNote(String index) {
    return "drained " + index;
  }

  /** Where a migration's work on the dedicated cluster has ended. */
  public static EndOfWork end(MigrationJournal journal, String migrationId) {
    return new EndOfWork(journal, migrationId, STORE);
  }
}

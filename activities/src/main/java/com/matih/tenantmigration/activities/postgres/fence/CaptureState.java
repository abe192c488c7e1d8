package com.matih.tenantmigration.activities.postgres.fence;

import com.matih.tenantmigration.activities.postgres.catalog.TenantTables;
import com.matih.tenantmigration.activities.postgres.sql.Identifiers;
import com.matih.tenantmigration.controlplane.MigrationJournal;
import com.matih.tenantmigration.jdbc.Sql;
import com.matih.tenantmigration.workflow.FailureType;
import com.matih.tenantmigration.workflow.MigrationContext;
import com.matih.tenantmigration.workflow.MigrationException;
import com.matih.tenantmigration.workflow.StoreName;
import com.matih.tenantmigration.workflow.request.PostgresSpec;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** Whether what a capture has noted can still be believed. */
public final class CaptureState {

  private static final int MOST_NAMED = 5;
  private static final String GIVEN_UP = "capture given up";

  private final CaptureSql sql;
  private final CapturedSchema captured;

  private CaptureState(CaptureSql sql, CapturedSchema captured) {
    this.sql = sql;
    this.captured = captured;
  }

  /**
   * What was captured; the capture has begun.
   *
   * @throws MigrationException of type SOURCE_CHANGED where {@link CaptureWatch} has seen a change
   */
  public static CaptureState of(MigrationContext context, MigrationJournal journal) {
    Optional<String[]> changed =
        journal.recall(context.migrationId(), StoreName.POSTGRES.key(), GIVEN_UP, String[].class);
    if (changed.isPresent()) {
      throw failure(List.of(changed.get()));
    }
    return new CaptureState(
        new CaptureSql(
            new FenceSql(
                context.migrationId(),
                context.tenant(),
                context.spec(PostgresSpec.class).sourceSchema())),
        ChangeCapture.captured(context, journal));
  }

  /**
   * Fails where the shared server has crashed since the capture began: it may have lost commits
   * that were already carried over.
   *
   * @throws MigrationException of type SOURCE_CHANGED
   */
  public void requireNoCrash(Connection source) throws SQLException {
    if (!Sql.isTrue(
        source, "SELECT EXISTS (SELECT 1 FROM %s)".formatted(Identifiers.quote(sql.marker())))) {
      throw new MigrationException(
          FailureType.SOURCE_CHANGED,
          "The shared database has crashed or was replaced while changes were followed, and may"
              + " have lost some that were carried over. Start the migration again.");
    }
  }

  /**
   * Records that a round's notes are about to be deleted, so that the dedicated side must have the
   * round from now on.
   *
   * @param round its number
   */
  public void noteDeleted(Connection source, long round) throws SQLException {
    var unused =
        Sql.update(
            source,
            "UPDATE %s SET last_deleted = greatest(last_deleted, ?)"
                .formatted(Identifiers.quote(sql.state())),
            round);
  }

  /** The last round whose notes were deleted, which the dedicated side must have; 0 for none. */
  public long lastDeleted(Connection source) throws SQLException {
    return Sql.number(
        source, "SELECT last_deleted FROM %s".formatted(Identifiers.quote(sql.state())));
  }

  /** Commits something and waits until it, and all that was committed before, is on disk. */
  public void beat(Connection source) throws SQLException {
    var unused =
        Sql.inTransaction(
            source,
            transaction -> {
              Sql.execute(transaction, "SET LOCAL synchronous_commit = on");
              return Sql.update(
                  transaction,
                  "UPDATE %s SET beat = beat + 1".formatted(Identifiers.quote(sql.state())));
            });
  }

  /**
   * What is noted of the tables, each after those that its rows hang on.
   *
   * @throws MigrationException of type SOURCE_CHANGED, naming the tables, where something has
   *     happened to one that no trigger sees
   */
  public List<NoteTable> notes(Connection source, MigrationContext context, TenantTables tables)
      throws SQLException {
    List<NoteTable> notes = NoteTable.of(source, context.migrationId(), tables);
    requireSame(
        CapturedSchema.read(
            source,
            context.migrationId(),
            notes.stream().map(note -> note.table().name()).toList()));
    return notes;
  }

  private void requireSame(CapturedSchema now) {
    Set<String> changed = now.changedSince(captured);
    if (!changed.isEmpty()) {
      throw failure(changed);
    }
  }

  /** The captured tables to which something has happened that no trigger sees. */
  Set<String> changed(Connection source, String migrationId) throws SQLException {
    return CapturedSchema.readNamed(source, migrationId, captured.members().keySet())
        .changedSince(captured);
  }

  /** Keeps that what is captured must not be believed any more, whatever the tables become. */
  static void giveUp(MigrationContext context, MigrationJournal journal, Set<String> changed) {
    var unused =
        journal.remember(
            context.migrationId(),
            StoreName.POSTGRES.key(),
            GIVEN_UP,
            String[].class,
            () -> changed.toArray(String[]::new));
  }

  static MigrationException failure(Collection<String> changed) {
    return new MigrationException(
        FailureType.SOURCE_CHANGED,
        ("Tables were changed while their rows were followed, in a way that no trigger sees:"
                + " %s%s. Start the migration again, and change no table until it has ended.")
            .formatted(
                changed.stream().limit(MOST_NAMED).collect(Collectors.joining(", ")),
                changed.size() > MOST_NAMED ? ", …" : ""));
  }
}

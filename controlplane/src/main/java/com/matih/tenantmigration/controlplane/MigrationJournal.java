package com.matih.tenantmigration.controlplane;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.matih.tenantmigration.controlplane.database.ControlPlaneFailures;
import com.matih.tenantmigration.jdbc.Sql;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import javax.sql.DataSource;

/**
 * What a migration said it would create, before it did, and what it read once and must not read
 * again.
 *
 * <p>An intent is recorded after the object's absence was proven and before it is created; a
 * rollback removes what has an intent and has the migration's mark, and nothing else. A note that
 * is remembered is written once: whoever comes second gets the first one's value, so that a retried
 * activity works from the same positions. A note that is put is the newest one: what may write it
 * is for its caller to settle.
 */
public final class MigrationJournal {

  private static final String INTENT = "INTENT";
  private static final String NOTE = "NOTE";

  private static final String READ = "read the migration's journal";
  private static final String WRITE = "write the migration's journal";

  private final DataSource database;
  private final ObjectMapper json;

  public MigrationJournal(DataSource database, ObjectMapper json) {
    this.database = database;
    this.json = json;
  }

  /**
   * Records that this migration is about to create an object.
   *
   * @throws com.matih.tenantmigration.workflow.MigrationException where the control plane cannot be
   *     written (retryable)
   */
  public void intend(String migrationId, String store, String object) {
    insert(migrationId, store, INTENT, object, "true");
  }

  /** Whether this migration said that it would create the object. */
  public boolean intended(String migrationId, String store, String object) {
    return read(migrationId, store, INTENT, object).isPresent();
  }

  /**
   * All objects of a store that this migration said it would create, in the order of their names.
   */
  public List<String> intents(String migrationId, String store) {
    return run(
        READ,
        connection ->
            Sql.texts(
                connection,
                "SELECT name FROM tenant_control.migration_journal"
                    + " WHERE migration_id = ? AND store = ? AND kind = ?"
                    + " ORDER BY name COLLATE \"C\"",
                migrationId,
                store,
                INTENT));
  }

  /**
   * The note of that name; where there is none yet, what {@code first} supplies is kept and
   * returned. Of two writers at the same time one wins, and both get its value.
   */
  public <T> T remember(
      String migrationId, String store, String name, Class<T> type, Supplier<T> first) {
    Optional<T> known = recall(migrationId, store, name, type);
    if (known.isPresent()) {
      return known.get();
    }
    insert(migrationId, store, NOTE, name, write(first.get()));
    return recall(migrationId, store, name, type)
        .orElseThrow(() -> new IllegalStateException("a note that was just written is gone"));
  }

  /**
   * Raises a note that is a number to at least the value.
   *
   * @return the highest value that anybody has raised it to
   */
  public long raise(String migrationId, String store, String name, long value) {
    String sql =
        "INSERT INTO tenant_control.migration_journal AS j (migration_id, store, kind, name, value)"
            + " VALUES (?, ?, ?, ?, to_jsonb(?::bigint))"
            + " ON CONFLICT (migration_id, store, kind, name) DO UPDATE SET value ="
            + " to_jsonb(greatest((j.value #>> '{}')::bigint, (excluded.value #>> '{}')::bigint))"
            + " RETURNING (value #>> '{}')::bigint";
    return run(
        WRITE, connection -> Sql.number(connection, sql, migrationId, store, NOTE, name, value));
  }

  /** Keeps a note in place of the one of that name. */
  public void put(String migrationId, String store, String name, Object value) {
    String sql =
        "INSERT INTO tenant_control.migration_journal (migration_id, store, kind, name, value)"
            + " VALUES (?, ?, ?, ?, ?::jsonb)"
            + " ON CONFLICT (migration_id, store, kind, name) DO UPDATE SET value = excluded.value";
    String text = write(value);
    var unused =
        run(WRITE, connection -> Sql.update(connection, sql, migrationId, store, NOTE, name, text));
  }

  /** Removes the notes whose names begin so. */
  public void forget(String migrationId, String store, String prefix) {
    var unused =
        run(
            WRITE,
            connection ->
                Sql.update(
                    connection,
                    "DELETE FROM tenant_control.migration_journal WHERE migration_id = ?"
                        + " AND store = ? AND kind = ? AND starts_with(name, ?)",
                    migrationId,
                    store,
                    NOTE,
                    prefix));
  }

  /** The note of that name. */
  public <T> Optional<T> recall(String migrationId, String store, String name, Class<T> type) {
    return read(migrationId, store, NOTE, name).map(text -> parse(text, type));
  }

  private void insert(String migrationId, String store, String kind, String name, String value) {
    String sql =
        "INSERT INTO tenant_control.migration_journal (migration_id, store, kind, name, value)"
            + " VALUES (?, ?, ?, ?, ?::jsonb) ON CONFLICT DO NOTHING";
    var unused =
        run(
            WRITE,
            connection -> Sql.update(connection, sql, migrationId, store, kind, name, value));
  }

  private Optional<String> read(String migrationId, String store, String kind, String name) {
    String sql =
        "SELECT value FROM tenant_control.migration_journal"
            + " WHERE migration_id = ? AND store = ? AND kind = ? AND name = ?";
    return run(READ, connection -> Sql.text(connection, sql, migrationId, store, kind, name));
  }

  /** Each statement is a transaction of its own. */
  private <T> T run(String attempted, Sql.Work<T> work) {
    try (Connection connection = database.getConnection()) {
      return work.run(connection);
    } catch (SQLException e) {
      throw ControlPlaneFailures.translate(attempted, e);
    }
  }

  private String write(Object value) {
    try {
      return json.writeValueAsString(value);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException("a note that is not JSON: " + value.getClass(), e);
    }
  }

  private <T> T parse(String text, Class<T> type) {
    try {
      return json.readValue(text, type);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a note that is no " + type.getSimpleName(), e);
    }
  }
}

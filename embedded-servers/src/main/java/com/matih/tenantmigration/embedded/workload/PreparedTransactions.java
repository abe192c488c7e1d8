package com.matih.tenantmigration.embedded.workload;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HashMap;
import java.util.Iterator;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A session's prepared transactions, none of which may be left behind: they hold locks. */
final class PreparedTransactions {

  private static final Logger log = LoggerFactory.getLogger(PreparedTransactions.class);
  private static final String UNDEFINED_OBJECT = "42704";

  private final String prefix;

  /** Those whose end was not acknowledged, with where they are. */
  private final Map<String, WorkloadSide> open = new HashMap<>();

  private @Nullable String current;

  PreparedTransactions(String prefix) {
    this.prefix = prefix;
  }

  /** Whether the last one was begun and its end is not acknowledged. */
  boolean isOpen() {
    return current != null;
  }

  void prepare(Connection connection, WorkloadSide side) throws SQLException {
    // unique in the whole cluster, in whose other databases the same tenant may write
    String id = prefix + "-" + UUID.randomUUID();
    try (Statement statement = connection.createStatement()) {
      statement.execute("PREPARE TRANSACTION '" + id.replace("'", "''") + "'");
    } catch (SQLException e) {
      if (Outcomes.mayHaveCommitted(e)) {
        remember(id, side);
      }
      throw e;
    }
    remember(id, side);
  }

  void commit(Connection connection) throws SQLException {
    String id = Optional.ofNullable(current).orElseThrow();
    connection.setAutoCommit(true);
    try (Statement statement = connection.createStatement()) {
      statement.execute("COMMIT PREPARED '" + id.replace("'", "''") + "'");
    }
    open.remove(id);
    current = null;
    connection.setAutoCommit(false);
  }

  private void remember(String id, WorkloadSide side) {
    open.put(id, side);
    current = id;
  }

  /**
   * Rolls back what is still prepared, as a transaction manager does after it lost a connection.
   * What cannot be reached stays for the next time.
   */
  void rollBackAll() {
    current = null;
    for (Iterator<Map.Entry<String, WorkloadSide>> rest = open.entrySet().iterator();
        rest.hasNext(); ) {
      Map.Entry<String, WorkloadSide> entry = rest.next();
      try (Connection connection = entry.getValue().connect();
          Statement statement = connection.createStatement()) {
        statement.execute("ROLLBACK PREPARED '" + entry.getKey().replace("'", "''") + "'");
        rest.remove();
      } catch (SQLException e) {
        if (UNDEFINED_OBJECT.equals(e.getSQLState())) {
          // it was committed after all, or never prepared
          rest.remove();
        } else {
          log.warn("The prepared transaction {} could not be rolled back", entry.getKey(), e);
        }
      }
    }
  }
}

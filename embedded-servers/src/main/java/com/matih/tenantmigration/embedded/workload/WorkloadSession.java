package com.matih.tenantmigration.embedded.workload;

import com.matih.tenantmigration.embedded.workload.Writing.RowNotFoundException;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One session of a {@link Workload}: a connection at a time, and the rows that it owns. */
final class WorkloadSession implements Runnable {

  private static final Logger log = LoggerFactory.getLogger(WorkloadSession.class);
  private static final long PAUSE_AFTER_REFUSAL = 50;

  private final WorkloadSettings settings;
  private final int number;
  private final WorkloadSide home;
  private final Supplier<WorkloadSide> route;
  private final WorkloadJournal journal;
  private final CountDownLatch stop;
  private final SplittableRandom random;
  private final Transactions transactions;
  private final Pace pace;
  private final Map<RowKey, ModelRow> rows = new LinkedHashMap<>();
  private final PreparedTransactions prepared;
  private int generation;
  private long marks;
  private @Nullable WorkloadSide side;
  private volatile @Nullable Connection connection;
  private volatile @Nullable RuntimeException failure;

  WorkloadSession(
      WorkloadSettings settings,
      int number,
      WorkloadSide home,
      Supplier<WorkloadSide> route,
      WorkloadJournal journal,
      CountDownLatch stop) {
    this.settings = settings;
    this.number = number;
    this.home = home;
    this.route = route;
    this.journal = journal;
    this.stop = stop;
    this.random = new SplittableRandom(settings.seed() * 1_000_003 + number);
    this.transactions = new Transactions(settings);
    this.pace = new Pace((double) settings.changesPerSecond() / settings.sessions(), stop);
    this.prepared = new PreparedTransactions(prefix());
  }

  /** Why it broke off. */
  Optional<RuntimeException> failure() {
    return Optional.ofNullable(failure);
  }

  /** Cuts the connection of a session that waits. */
  void cut() {
    Connection current = connection;
    if (current != null) {
      try {
        current.abort(Runnable::run);
      } catch (SQLException e) {
        log.warn("The connection of {} could not be cut", prefix(), e);
      }
    }
  }

  @Override
  public void run() {
    try {
      while (stop.getCount() > 0) {
        pace.await();
        if (stop.getCount() > 0) {
          transaction();
        }
      }
    } catch (RuntimeException e) {
      log.error("Session {} broke off", prefix(), e);
      failure = e;
    } finally {
      disconnect();
      prepared.rollBackAll();
    }
  }

  private void transaction() {
    long begin = System.nanoTime();
    WorkloadSide current = route.get();
    Connection open;
    try {
      open = connect(current);
    } catch (SQLException e) {
      refuse(e, System.nanoTime() - begin);
      return;
    }
    WorkloadKind kind = choose(current);
    Draft draft = new Draft(rows);
    Writing writing =
        new Writing(open, settings.tenant(), random, prefix(), this::mark, stop, draft);
    try {
      transactions.perform(kind, writing);
    } catch (SQLException e) {
      refuse(e, System.nanoTime() - begin - writing.waited());
      rollBack(open);
      return;
    } catch (RowNotFoundException e) {
      journal.missed(e.row());
      // it will not come back, and one report is enough
      rows.remove(e.row().rowKey());
      rollBack(open);
      return;
    }
    end(kind, open, writing, begin);
  }

  private void end(WorkloadKind kind, Connection open, Writing writing, long begin) {
    Draft draft = writing.draft();
    if (kind == WorkloadKind.ROLLBACK) {
      rollBack(open);
      journal.rolledBack(kind);
      pace.did(draft.size());
      return;
    }
    try {
      if (kind == WorkloadKind.PREPARED) {
        prepared.prepare(open, sideOf(open));
        writing.pause(100);
        prepared.commit(open);
      } else {
        open.commit();
      }
    } catch (SQLException e) {
      if (prepared.isOpen() || Outcomes.mayHaveCommitted(e)) {
        log.debug("Whether a transaction of {} was committed is unknown", prefix(), e);
        journal.doubt(draft);
        startAnew();
        disconnect();
        pauseAfterRefusal();
      } else {
        rollBack(open);
        refuse(e, System.nanoTime() - begin - writing.waited());
      }
      return;
    }
    journal.acknowledge(kind, draft, System.nanoTime() - begin - writing.waited());
    draft.applyTo(rows);
    pace.did(draft.size());
  }

  private WorkloadSide sideOf(Connection open) {
    WorkloadSide connected = side;
    if (connected == null) {
      throw new IllegalStateException("A connection without a side: " + open);
    }
    return connected;
  }

  private Connection connect(WorkloadSide current) throws SQLException {
    Connection open = connection;
    if (open != null && current.equals(side)) {
      return open;
    }
    disconnect();
    prepared.rollBackAll();
    open = current.connect();
    open.setAutoCommit(false);
    side = current;
    connection = open;
    return open;
  }

  private void disconnect() {
    Connection open = connection;
    connection = null;
    if (open != null) {
      try {
        open.close();
      } catch (SQLException e) {
        log.debug("A connection of {} was lost before it was closed", prefix(), e);
      }
    }
  }

  private void rollBack(Connection open) {
    try {
      open.rollback();
      if (!open.isValid(5)) {
        disconnect();
      }
    } catch (SQLException e) {
      log.debug("A connection of {} was lost before its rollback", prefix(), e);
      disconnect();
    }
  }

  private void refuse(SQLException e, long nanoseconds) {
    journal.refuse(Outcomes.state(e), String.valueOf(e.getMessage()), nanoseconds);
    pauseAfterRefusal();
  }

  private void pauseAfterRefusal() {
    try {
      boolean unused = stop.await(PAUSE_AFTER_REFUSAL, TimeUnit.MILLISECONDS);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("Interrupted", interrupted);
    }
  }

  /**
   * Leaves all its rows alone: those whose state is unknown must not be touched again, and neither
   * what a foreign key ties to them.
   */
  private void startAnew() {
    rows.clear();
    generation++;
  }

  private WorkloadKind choose(WorkloadSide current) {
    List<WorkloadKind> possible = new ArrayList<>();
    for (WorkloadKind kind : settings.kinds()) {
      if (isPossible(kind, current)) {
        for (int i = 0; i < kind.weight(); i++) {
          possible.add(kind);
        }
      }
    }
    return possible.isEmpty() ? WorkloadKind.UPDATE : possible.get(random.nextInt(possible.size()));
  }

  private boolean isPossible(WorkloadKind kind, WorkloadSide current) {
    return switch (kind) {
      case MOVE_TENANT ->
          !settings.neighbours().isEmpty()
              && !current.schema().ofOneTenant()
              && current.equals(home);
      // the rows of the truncated table are one session's, and an unknown one must stay unknown
      case TRUNCATE -> current.schema().ofOneTenant() && number == 0 && generation == 0;
      case INSERT,
          UPDATE,
          DELETE,
          UPSERT,
          KEY_CHANGE,
          SWAP,
          CASCADE,
          SET_NULL,
          REPARENT,
          MOVE_PARTITION,
          LONG_TRANSACTION,
          SAVEPOINT,
          ROLLBACK,
          DEFERRED,
          PREPARED,
          BULK_COPY,
          REPLICA_ROLE,
          CONTENDED,
          REFERENCE,
          KEYLESS_INSERT,
          KEYLESS_CHANGE ->
          true;
    };
  }

  private String prefix() {
    return "%s-%d-%d.%d".formatted(settings.tenant(), settings.seed(), number, generation);
  }

  private String mark() {
    return prefix() + "-" + marks++;
  }
}

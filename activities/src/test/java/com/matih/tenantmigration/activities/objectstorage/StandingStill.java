package com.matih.tenantmigration.activities.objectstorage;

import com.matih.tenantmigration.activities.engine.Attempt;
import com.matih.tenantmigration.activities.engine.ProgressMonitor;
import com.matih.tenantmigration.activities.engine.RemovalGuard;
import com.matih.tenantmigration.workflow.MigrationContext;
import com.matih.tenantmigration.workflow.report.Progress;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Has an attempt stand still until it is woken, as a frozen worker's does: its copying threads
 * after so many answers, or the one that deletes when its deletion was permitted.
 */
final class StandingStill implements ProgressMonitor, RemovalGuard {

  private static final int PATIENCE_SECONDS = 120;

  private final Attempt attempt = Attempt.next();
  private final AtomicInteger answers;
  private final boolean whenDeleting;
  private final CountDownLatch standing = new CountDownLatch(1);
  private final CountDownLatch woken = new CountDownLatch(1);

  private StandingStill(int answers, boolean whenDeleting) {
    this.answers = new AtomicInteger(answers);
    this.whenDeleting = whenDeleting;
  }

  /** After that many answers to requests of copying threads, between a read and a write perhaps. */
  static StandingStill afterAnswers(int answers) {
    return new StandingStill(answers, false);
  }

  static StandingStill whenDeleting() {
    return new StandingStill(Integer.MAX_VALUE, true);
  }

  void awaitStanding() throws InterruptedException {
    if (!standing.await(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
      throw new IllegalStateException("the attempt does not stand still");
    }
  }

  void wake() {
    woken.countDown();
  }

  private void stand() {
    standing.countDown();
    try {
      if (!woken.await(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
        throw new IllegalStateException("nobody has woken the attempt");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void moved() {
    if (Thread.currentThread().getName().startsWith("object-copy")
        && answers.decrementAndGet() < 0) {
      stand();
    }
  }

  @Override
  public <E extends Exception> void beginAnew(MigrationContext context, String what, Act<E> removal)
      throws E {
    if (whenDeleting) {
      stand();
    }
    removal.run();
  }

  @Override
  public <T, E extends Exception> T removing(
      MigrationContext context, String what, Removal<T, E> removal) {
    throw new IllegalStateException("only a rollback removes so");
  }

  @Override
  public Attempt attempt() {
    return attempt;
  }

  @Override
  public void update(Progress progress) {}

  @Override
  public boolean isCancelled() {
    return false;
  }

  @Override
  public void throwIfCancelled() {}

  @Override
  public Registration onCancel(Runnable action) {
    return () -> {};
  }
}

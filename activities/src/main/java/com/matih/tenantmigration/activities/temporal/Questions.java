package com.matih.tenantmigration.activities.temporal;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What is asked of servers when an engine is silent: whether they are busy for it. */
final class Questions {

  private static final Logger log = LoggerFactory.getLogger(Questions.class);

  private final Map<String, BooleanSupplier> questions = new ConcurrentHashMap<>();
  private final AtomicBoolean asking = new AtomicBoolean();

  void add(String name, BooleanSupplier isBusy) {
    questions.putIfAbsent(name, isBusy);
  }

  /** Asks on a thread of its own, unless that is going on already, and acts by the answers. */
  void ask(Runnable whenBusy, Runnable whenNot) {
    if (!asking.compareAndSet(false, true)) {
      return;
    }
    Thread thread =
        new Thread(
            () -> {
              try {
                if (questions.values().stream().anyMatch(Questions::isBusy)) {
                  whenBusy.run();
                } else {
                  whenNot.run();
                }
              } finally {
                asking.set(false);
              }
            },
            "silence-question");
    thread.setDaemon(true);
    thread.start();
  }

  private static boolean isBusy(BooleanSupplier question) {
    try {
      return question.getAsBoolean();
    } catch (RuntimeException e) {
      log.warn("cannot ask a server whether it is busy: {}", e.getMessage());
      return false;
    }
  }
}

package com.matih.tenantmigration.activities.temporal;

import java.time.Duration;
import java.util.Collection;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What is asked of servers when an engine is silent: whether they are busy for it. */
final class Questions {

  private static final Logger log = LoggerFactory.getLogger(Questions.class);

  /** A question costs the server a connection. */
  private static final Duration PAUSE = Duration.ofSeconds(5);

  private final Map<String, Map<String, BooleanSupplier>> servers = new ConcurrentHashMap<>();
  private final AtomicBoolean asking = new AtomicBoolean();
  private volatile long notBefore = System.nanoTime();

  /** What the servers answer together; of two answers the earlier one of these counts. */
  enum Answer {
    /** One is at work. */
    BUSY,
    /** One does not answer even this question. */
    SILENT,
    /** All answer, and none is at work. */
    IDLE
  }

  void add(String server, String work, BooleanSupplier isBusy) {
    servers.computeIfAbsent(server, unused -> new ConcurrentHashMap<>()).putIfAbsent(work, isBusy);
  }

  /**
   * Asks on a thread of its own and hands the answer over, unless that is going on already or was
   * done moments ago.
   */
  void ask(Consumer<Answer> listener) {
    if (System.nanoTime() - notBefore < 0 || !asking.compareAndSet(false, true)) {
      return;
    }
    Thread thread =
        new Thread(
            () -> {
              try {
                listener.accept(answer());
              } finally {
                notBefore = System.nanoTime() + PAUSE.toNanos();
                asking.set(false);
              }
            },
            "silence-question");
    thread.setDaemon(true);
    thread.start();
  }

  private Answer answer() {
    return servers.values().stream()
        .map(questions -> answer(questions.values()))
        .min(Answer::compareTo)
        .orElse(Answer.IDLE);
  }

  /** Ends with the first answer that decides: a server that is silent once is not waited for. */
  private static Answer answer(Collection<BooleanSupplier> questions) {
    return questions.stream()
        .map(Questions::answer)
        .filter(answer -> answer != Answer.IDLE)
        .findFirst()
        .orElse(Answer.IDLE);
  }

  private static Answer answer(BooleanSupplier question) {
    try {
      return question.getAsBoolean() ? Answer.BUSY : Answer.IDLE;
    } catch (RuntimeException e) {
      log.warn("cannot ask a server whether it is busy: {}", e.getMessage());
      return Answer.SILENT;
    }
  }
}

package com.matih.tenantmigration.activities.engine;

import com.matih.tenantmigration.workflow.report.Units;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.Deque;

/**
 * Whether rounds get shorter: what changes during one is left to the next, so rounds that stay long
 * say that a tenant writes as fast as its changes are carried over.
 */
public final class Convergence {

  /** So many rounds are looked at. */
  private static final int ROUNDS = 5;

  /** Shorter rounds leave little to the fence, whatever the next one takes. */
  private static final Duration LONG = Duration.ofSeconds(10);

  private final Deque<Taken> last = new ArrayDeque<>();

  private record Taken(long changes, Duration time, Duration waited) {

    private Duration worked() {
      return time.minus(waited);
    }
  }

  /**
   * Notes a round.
   *
   * @param waited for how long of it the throttle held it up
   */
  public void add(long changes, Duration took, Duration waited) {
    last.addLast(new Taken(changes, took, waited));
    if (last.size() > ROUNDS) {
      last.removeFirst();
    }
  }

  /**
   * How long the next round takes that no throttle holds up: as long as the longer one of the last
   * two, but at most twice as long as the last, so that a first round with all that waited counts
   * no more.
   */
  public Duration nextRound() {
    if (last.isEmpty()) {
      return Duration.ZERO;
    }
    Duration latest = last.getLast().worked();
    Duration most = latest.multipliedBy(2);
    return last.stream()
        .skip(Math.max(0, last.size() - 2))
        .map(Taken::worked)
        .max(Comparator.naturalOrder())
        .filter(longest -> longest.compareTo(most) < 0)
        .orElse(most);
  }

  /** Whether the throttle takes most of the time. */
  private boolean isHeldUp() {
    long waited = last.stream().mapToLong(round -> round.waited().toMillis()).sum();
    return waited * 2 > last.stream().mapToLong(round -> round.time().toMillis()).sum();
  }

  /** What to tell an operator, to be put behind a sentence; empty where rounds get shorter. */
  public String warning() {
    boolean isClose =
        last.size() < ROUNDS
            || last.getLast().time().compareTo(LONG) < 0
            || last.getLast()
                    .time()
                    .multipliedBy(10)
                    .compareTo(last.getFirst().time().multipliedBy(9))
                < 0;
    if (isClose) {
      return "";
    }
    long changes = last.stream().mapToLong(Taken::changes).sum();
    long seconds = Math.max(1, last.stream().mapToLong(round -> round.time().toSeconds()).sum());
    return ". Rounds do not get shorter: about %s a second come in as fast as they are carried over. %s, or wait for a quieter hour"
        .formatted(
            Units.plural(changes / seconds, "change"),
            isHeldUp() ? "Raise the throttle's bytesPerSecond" : "Raise parallelism");
  }
}

package com.matih.tenantmigration.devstack.outage;

import static org.assertj.core.api.Assertions.assertThat;

import com.matih.tenantmigration.devstack.outage.Cell.Act;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/**
 * An operator cancels or pauses a migration while a store answers nothing any more: nothing of it
 * runs within ten seconds, and the tenant writes again where the shared PostgreSQL and the control
 * plane answer. Where it is they that are silent, the tenant writes within a minute of their
 * return.
 *
 * <p>Every store that a phase asks, and the control plane, in every phase, with {@code
 * -Dsilence=all}; in every build {@link OutageIT} has a few and the stores' own tests have each
 * step. Here a store of a cancelled migration is silent until the migration's end: what could not
 * be removed is named, and a repair removes it. The table is {@code target/silence.txt}; {@code
 * -Dsilence.only=REGEX} takes the cases whose line matches.
 */
@EnabledIfSystemProperty(named = "silence", matches = "all")
class SilenceIT {

  private static final String ONLY = System.getProperty("silence.only", "");

  /** How many migrations are on their way or in a silence at the same time. */
  private static final int AT_ONCE = Integer.getInteger("silence.atOnce", 8);

  /** Ten seconds are promised; the rest is for a machine that others share. */
  static final Duration PROMISE = Duration.ofSeconds(Integer.getInteger("silence.promise", 30));

  private static final List<Stage> STAGES =
      List.of(
          Stage.PREFLIGHT,
          Stage.PROVISION,
          Stage.FENCE,
          Stage.SNAPSHOT,
          Stage.COPY,
          Stage.WARM,
          Stage.VERIFY,
          Stage.CUTOVER);

  private static final Path TABLE = Path.of("target", "silence.txt");

  @TempDir private static Path directory;

  @Test
  void aCommandTakesEffectInASilence() throws Exception {
    List<SilentStep> steps =
        all().stream()
            .filter(step -> ONLY.isEmpty() || step.toString().matches(".*(" + ONLY + ").*"))
            .toList();
    Files.writeString(TABLE, SilenceVerdict.HEADING + "\n");
    try (OutageStack stack = new OutageStack(directory.resolve("snapshots"), doors(steps))) {
      List<SilenceVerdict> verdicts =
          new SilenceRun(stack, steps, PROMISE, true, AT_ONCE).run(SilenceIT::publish);

      assertThat(verdicts).allSatisfy(v -> assertThat(v.problems()).as(v.line()).isEmpty());
    }
  }

  private static int doors(List<SilentStep> steps) {
    return (int)
        Math.max(
            steps.stream().filter(step -> step.store() == Store.SHARED_KAFKA).count(),
            steps.stream().filter(step -> step.store() == Store.DEDICATED_KAFKA).count());
  }

  private static synchronized void publish(SilenceVerdict verdict) {
    try {
      Files.writeString(TABLE, verdict.line() + "\n", StandardOpenOption.APPEND);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static List<SilentStep> all() {
    List<SilentStep> steps = new ArrayList<>();
    for (Act act : List.of(Act.CANCEL, Act.PAUSE)) {
      for (Stage stage : STAGES) {
        for (Store store : Store.values()) {
          if (stage.asks(store)) {
            steps.add(new SilentStep(store, stage, act));
          }
        }
        steps.add(new SilentStep(null, stage, act));
      }
    }
    return steps;
  }
}

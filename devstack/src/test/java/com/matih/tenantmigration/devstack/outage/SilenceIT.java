package com.matih.tenantmigration.devstack.outage;

import static org.assertj.core.api.Assertions.assertThat;

import com.matih.tenantmigration.devstack.outage.Cell.Act;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * An operator cancels or pauses a migration while a store answers nothing any more: nothing of it
 * runs within ten seconds, and the tenant writes again where the shared PostgreSQL and the control
 * plane answer. Where it is they that are silent, the tenant writes within a minute of their
 * return.
 *
 * <p>Every store and the control plane in every phase, with {@code -Dsilence=all}; in every build
 * {@link OutageIT} has a few and the stores' own tests have each step. The table is {@code
 * target/silence.txt}; {@code -Dsilence.only=REGEX} takes the cases whose line matches.
 */
@EnabledIfSystemProperty(named = "silence", matches = "all")
class SilenceIT {

  private static final Logger log = LoggerFactory.getLogger(SilenceIT.class);
  private static final String ONLY = System.getProperty("silence.only", "");

  /** How many migrations are on their way or in a silence at the same time. */
  private static final int AT_ONCE = Integer.getInteger("silence.atOnce", 8);

  /** Ten seconds are promised; the rest is for a machine that others share. */
  private static final Duration PROMISE =
      Duration.ofSeconds(Integer.getInteger("silence.promise", 30));

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

  @TempDir private static Path directory;

  @Test
  void aCommandTakesEffectInASilence() throws Exception {
    List<SilentStep> steps =
        all().stream()
            .filter(step -> ONLY.isEmpty() || step.toString().matches(".*(" + ONLY + ").*"))
            .toList();
    List<SilenceVerdict> verdicts = new ArrayList<>();
    try (OutageStack stack = new OutageStack(directory.resolve("snapshots"), doors(steps))) {
      List<OutageTenant> tenants = steps.stream().map(step -> tenant(stack, step)).toList();
      OutageSample.add(stack, tenants);
      try (TenantServices services = new TenantServices(stack, tenants)) {
        List<SilentStepRun> runs = new ArrayList<>();
        for (int n = 0; n < steps.size(); n++) {
          runs.add(new SilentStepRun(stack, services, tenants.get(n), steps.get(n), PROMISE));
        }
        verdicts.addAll(ofStores(runs.stream().filter(run -> run.step().store() != null).toList()));
        verdicts.addAll(
            ofControlPlane(
                stack, runs.stream().filter(run -> run.step().store() == null).toList()));
      }
    }
    publish(verdicts);
    assertThat(verdicts).allSatisfy(v -> assertThat(v.problems()).as(v.line()).isEmpty());
  }

  private static OutageTenant tenant(OutageStack stack, SilentStep step) {
    Store store = step.store();
    return store == null ? stack.tenant("shop") : stack.tenant("shop", store);
  }

  /** Each tenant's own proxy falls silent, when it has come to its stage. */
  private static List<SilenceVerdict> ofStores(List<SilentStepRun> runs) throws Exception {
    Semaphore places = new Semaphore(AT_ONCE, true);
    return together(
        runs,
        run -> {
          places.acquire();
          try {
            run.reachStage();
            run.begin();
            run.steer();
            return told(run.end());
          } catch (RuntimeException e) {
            return told(run.failed(e));
          } finally {
            places.release();
          }
        });
  }

  /** All tenants wait at their stages when their one control plane falls silent. */
  private static List<SilenceVerdict> ofControlPlane(OutageStack stack, List<SilentStepRun> runs)
      throws Exception {
    Semaphore places = new Semaphore(AT_ONCE, true);
    var unused =
        together(
            runs,
            run -> {
              places.acquire();
              try {
                run.reachStage();
                return run;
              } finally {
                places.release();
              }
            });
    stack.controlDoor().fallSilent();
    var unusedToo =
        together(
            runs,
            run -> {
              run.begin();
              run.steer();
              return run;
            });
    stack.controlDoor().speakAgain();
    return together(runs, run -> told(run.end()));
  }

  private static SilenceVerdict told(SilenceVerdict verdict) {
    log.info("{}", verdict.line());
    return verdict;
  }

  /** What is done for one case. */
  private interface Part<T> {
    T of(SilentStepRun run) throws Exception;
  }

  private static <T> List<T> together(List<SilentStepRun> runs, Part<T> part) throws Exception {
    ExecutorService pool = Executors.newCachedThreadPool();
    try {
      List<T> results = new ArrayList<>();
      List<Callable<T>> parts = runs.stream().map(run -> (Callable<T>) () -> part.of(run)).toList();
      for (Future<T> one : pool.invokeAll(parts)) {
        results.add(one.get());
      }
      return results;
    } finally {
      var unused = pool.shutdownNow();
    }
  }

  private static int doors(List<SilentStep> steps) {
    return (int)
        Math.max(
            steps.stream().filter(step -> step.store() == Store.SHARED_KAFKA).count(),
            steps.stream().filter(step -> step.store() == Store.DEDICATED_KAFKA).count());
  }

  private static void publish(List<SilenceVerdict> verdicts) throws IOException {
    String table =
        verdicts.stream()
            .map(SilenceVerdict::line)
            .collect(Collectors.joining("\n", SilenceVerdict.HEADING + "\n", "\n"));
    log.info("\n{}", table);
    Files.writeString(Path.of("target", "silence.txt"), table);
  }

  private static List<SilentStep> all() {
    List<SilentStep> steps = new ArrayList<>();
    for (Act act : List.of(Act.CANCEL, Act.PAUSE)) {
      for (Stage stage : STAGES) {
        for (Store store : Store.values()) {
          steps.add(new SilentStep(store, stage, act));
        }
        steps.add(new SilentStep(null, stage, act));
      }
    }
    return steps;
  }
}

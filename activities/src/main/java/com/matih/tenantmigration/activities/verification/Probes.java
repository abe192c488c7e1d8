package com.matih.tenantmigration.activities.verification;

import com.matih.tenantmigration.activities.engine.Finding;
import com.matih.tenantmigration.activities.engine.ProgressMonitor;
import com.matih.tenantmigration.activities.engine.WorkScope;
import com.matih.tenantmigration.activities.engine.WorkerPool;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.function.BiFunction;
import java.util.function.Function;

/** Puts what each store's probe found into one finding. */
public final class Probes {

  private Probes() {}

  /** Runs every probe, one after the other, and puts together what they found. */
  public static <P> Finding runAll(List<P> probes, Function<P, Finding> run) {
    return whole(probes, probes.stream().map(run).toList());
  }

  /**
   * The same side by side, for what a tenant waits for read-only.
   *
   * @param run is given the monitor that says when its probe must stop
   */
  public static <P> Finding runSideBySide(
      List<P> probes, ProgressMonitor monitor, BiFunction<P, ProgressMonitor, Finding> run) {
    Map<Integer, Finding> findings = new ConcurrentSkipListMap<>();
    try (WorkerPool pool = new WorkerPool("probe", Math.max(1, probes.size()), monitor)) {
      for (int i = 0; i < probes.size(); i++) {
        int number = i;
        pool.submit(() -> findings.put(number, run.apply(probes.get(number), WorkScope.current())));
      }
      pool.awaitAll();
    }
    return whole(probes, List.copyOf(findings.values()));
  }

  /**
   * The whole does not apply only where no probe does; a probe that applies and compared nothing is
   * a mismatch, since others would hide it.
   */
  private static <P> Finding whole(List<P> probes, List<Finding> findings) {
    Finding whole = new Finding();
    boolean applies = false;
    for (int i = 0; i < probes.size(); i++) {
      Finding finding = findings.get(i);
      if (!finding.isNotApplicable()) {
        applies = true;
        whole.add(finding);
        if (finding.comparedCount() == 0 && finding.mismatchCount() == 0) {
          whole.mismatch(probes.get(i).getClass().getSimpleName() + ": nothing was compared");
        }
      }
    }
    return applies ? whole : Finding.notApplicable("no store of the request is part of it");
  }
}

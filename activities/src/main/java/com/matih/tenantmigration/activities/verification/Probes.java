package com.matih.tenantmigration.activities.verification;

import com.matih.tenantmigration.activities.engine.Finding;
import java.util.List;
import java.util.function.Function;

/** Puts what each store's probe found into one finding. */
public final class Probes {

  private Probes() {}

  /**
   * Runs every probe. The whole does not apply only where no probe does; a probe that applies and
   * compared nothing is a mismatch, since others would hide it.
   */
  public static <P> Finding runAll(List<P> probes, Function<P, Finding> run) {
    Finding whole = new Finding();
    boolean applies = false;
    for (P probe : probes) {
      Finding finding = run.apply(probe);
      if (!finding.isNotApplicable()) {
        applies = true;
        whole.add(finding);
        if (finding.comparedCount() == 0 && finding.mismatchCount() == 0) {
          whole.mismatch(probe.getClass().getSimpleName() + ": nothing was compared");
        }
      }
    }
    return applies ? whole : Finding.notApplicable("no store of the request is part of it");
  }
}

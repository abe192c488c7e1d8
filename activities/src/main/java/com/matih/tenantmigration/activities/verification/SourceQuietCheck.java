package com.matih.tenantmigration.activities.verification;

import com.matih.tenantmigration.activities.engine.Finding;
import com.matih.tenantmigration.activities.engine.ProgressMonitor;
import com.matih.tenantmigration.activities.engine.SourceQuietProbe;
import com.matih.tenantmigration.workflow.CheckName;
import com.matih.tenantmigration.workflow.MigrationContext;
import java.util.List;

/** SOURCE_QUIET: nobody has written for the tenant on the shared side of any store. */
public final class SourceQuietCheck implements Check {

  private final List<SourceQuietProbe> probes;

  public SourceQuietCheck(List<? extends SourceQuietProbe> probes) {
    this.probes = List.copyOf(probes);
  }

  @Override
  public CheckName name() {
    return CheckName.SOURCE_QUIET;
  }

  @Override
  public Finding run(MigrationContext context, ProgressMonitor monitor) {
    return Probes.runAll(probes, probe -> probe.findWrites(context, monitor));
  }
}

package com.matih.tenantmigration.activities.verification;

import com.matih.tenantmigration.activities.engine.Finding;
import com.matih.tenantmigration.activities.engine.ProgressMonitor;
import com.matih.tenantmigration.activities.engine.TenantLeakProbe;
import com.matih.tenantmigration.workflow.CheckName;
import com.matih.tenantmigration.workflow.MigrationContext;
import java.util.List;

/** TENANT_LEAK: nothing of another tenant is on the dedicated side of any store. */
public final class TenantLeakCheck implements Check {

  private final List<TenantLeakProbe> probes;

  public TenantLeakCheck(List<? extends TenantLeakProbe> probes) {
    this.probes = List.copyOf(probes);
  }

  @Override
  public CheckName name() {
    return CheckName.TENANT_LEAK;
  }

  @Override
  public Finding run(MigrationContext context, ProgressMonitor monitor) {
    return Probes.runAll(probes, probe -> probe.findForeign(context, monitor));
  }
}

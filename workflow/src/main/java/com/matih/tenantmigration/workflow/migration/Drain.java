package com.matih.tenantmigration.workflow.migration;

import com.matih.tenantmigration.workflow.StoreName;
import com.matih.tenantmigration.workflow.stores.StepRunner;
import com.matih.tenantmigration.workflow.stores.Store;
import com.matih.tenantmigration.workflow.temporal.Branches;
import io.temporal.workflow.Workflow;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/**
 * Carries over what is left when the tenant no longer writes, and verifies it: all stores side by
 * side, each as soon as those are drained that it needs. A store that is drained gets its final
 * settings while others drain.
 */
final class Drain {

  /** Where references stand, and what they lead to. */
  private static final Set<StoreName> REFERENCES =
      Set.of(StoreName.POSTGRES, StoreName.OBJECT_STORAGE);

  private final List<Store> stores;
  private final StepRunner run;
  private final OperatorControl control;
  private final VerificationRound verification;
  private final Set<StoreName> draining = EnumSet.noneOf(StoreName.class);

  Drain(
      List<Store> stores, StepRunner run, OperatorControl control, VerificationRound verification) {
    this.stores = stores;
    this.run = run;
    this.control = control;
    this.verification = verification;
    stores.forEach(store -> draining.add(store.name()));
  }

  void complete() {
    List<Runnable> branches = new ArrayList<>();
    stores.forEach(store -> branches.add(() -> drain(store)));
    branches.add(this::followLaterReferences);
    Branches.run(branches);
  }

  private void drain(Store store) {
    await(store.drainsAfter());
    store.drain(run);
    draining.remove(store.name());
    control.runStep(store::finish);
  }

  private void followLaterReferences() {
    await(REFERENCES);
    verification.laterReferencesUnderFence();
  }

  private void await(Set<StoreName> some) {
    Workflow.await(() -> Collections.disjoint(some, draining));
  }
}

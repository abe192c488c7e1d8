package com.matih.tenantmigration.activities.testing;

import com.matih.tenantmigration.activities.engine.RemovalGuard;
import com.matih.tenantmigration.workflow.FailureType;
import com.matih.tenantmigration.workflow.MigrationContext;
import com.matih.tenantmigration.workflow.MigrationException;
import java.util.ArrayList;
import java.util.List;

/**
 * A guard without a control plane: permits so many removals and then says that the tenant is live.
 */
public final class TestGuard implements RemovalGuard {

  private final List<String> asked = new ArrayList<>();
  private int permitted;

  private TestGuard(int permitted) {
    this.permitted = permitted;
  }

  /** For tests that are not about it. */
  public static TestGuard permitting() {
    return new TestGuard(Integer.MAX_VALUE);
  }

  /** Permits nothing. */
  public static TestGuard refusing() {
    return new TestGuard(0);
  }

  /** Permits that many more, then nothing. */
  public void permit(int removals) {
    permitted = removals;
  }

  /** What was to be removed, each time it was asked. */
  public List<String> asked() {
    return List.copyOf(asked);
  }

  @Override
  public <T, E extends Exception> T removing(
      MigrationContext context, String what, Removal<T, E> removal) throws E {
    asked.add(what);
    if (permitted == 0) {
      throw new MigrationException(FailureType.TENANT_IS_LIVE, what + " is live");
    }
    permitted--;
    return removal.run();
  }

  @Override
  public <E extends Exception> void beginAnew(MigrationContext context, String what, Act<E> removal)
      throws E {
    remove(context, what, removal);
  }
}

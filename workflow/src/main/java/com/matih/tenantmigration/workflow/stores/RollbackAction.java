package com.matih.tenantmigration.workflow.stores;

import com.matih.tenantmigration.workflow.Compensation;
import com.matih.tenantmigration.workflow.report.RollbackStep;
import java.util.List;
import java.util.function.Function;

/**
 * One step of a rollback, as the store registers it that it belongs to.
 *
 * @param subject what it works on, in words that name it; never credentials
 * @param commands how an operator removes what it left, with the store's own tools; none where only
 *     a repair should do it: what restores a tenant's configuration has to look first at who
 *     changed it, which the step itself tells
 * @param work the activity; it is given the reason why the migration is rolled back
 */
public record RollbackAction(
    Compensation step, String subject, List<String> commands, Function<String, RollbackStep> work) {

  /** A sentence with the commands; empty where there are none. */
  public String byHand() {
    if (commands.isEmpty()) {
      return "";
    }
    String condition =
        step == Compensation.RELEASE_FENCE || step == Compensation.REMOVE_FENCE
            ? ""
            : ", only where the tenant's row in tenant_control.tenant_config does not name it";
    return "By hand%s: %s.".formatted(condition, String.join("; ", commands));
  }
}

package com.matih.tenantmigration.workflow;

import com.matih.tenantmigration.workflow.report.Warning;
import io.temporal.failure.ActivityFailure;
import io.temporal.workflow.TimerOptions;
import io.temporal.workflow.Workflow;
import java.time.Duration;

/**
 * The final step of the cutover: the dedicated database takes writes, then the tenant may write.
 *
 * <p>From the moment it is scheduled a cancel is refused, and the activation is tried until its
 * outcome is known: a failure that does not say whether the tenant was activated is no outcome. A
 * database that stays closed is one: nobody can have activated the tenant.
 */
final class FinalStep {

  private final MigrationContext context;
  private final Steering steering;
  private final MigrationLog log;

  FinalStep(MigrationContext context, Steering steering, MigrationLog log) {
    this.context = context;
    this.steering = steering;
    this.log = log;
  }

  /** Takes it, whatever is cancelled meanwhile; throws where the way back is open for certain. */
  void take() {
    steering.passPointOfNoReturn();
    Workflow.newDetachedCancellationScope(
            () -> {
              openDatabase();
              if (Change.WAY_BACK_UNTIL_DONE.applies()) {
                activate();
              } else {
                activateAsIn100();
              }
            })
        .run();
    log.writesPossible();
  }

  private void openDatabase() {
    if (context.request().postgres() == null) {
      return;
    }
    try {
      Activities.forSteps().postgres().openForWrites(context);
    } catch (ActivityFailure e) {
      steering.returnIsPossible();
      throw e;
    }
  }

  /**
   * Any failure that ends this is for the way back to judge: it asks whether the tenant was
   * activated until it knows, before anything is rolled back.
   */
  private void activate() {
    try {
      UntilDone.run(
          Step.ACTIVATE_TENANT,
          log,
          () -> {
            Activities.untilDone().tenantConfig().activate(context);
            return true;
          });
    } catch (ActivityFailure e) {
      if (Failures.type(e).definite()) {
        steering.returnIsPossible();
      }
      throw e;
    }
  }

  /** The loop of a run that was in it when its worker was replaced. */
  private void activateAsIn100() {
    Duration pause = Duration.ofSeconds(5);
    String told = "";
    while (true) {
      try {
        Activities.untilDone().tenantConfig().activate(context);
        return;
      } catch (ActivityFailure e) {
        if (Failures.type(e).definite()) {
          steering.returnIsPossible();
          throw e;
        }
        String why = Failures.message(e);
        if (!why.equals(told)) {
          told = why;
          log.warn(new Warning("tenantConfig", "the cutover's last act", why));
          log.write();
        }
        Workflow.newTimer(
                pause,
                TimerOptions.newBuilder()
                    .setSummary("the cutover's last act is tried again")
                    .build())
            .get();
        pause = pause.multipliedBy(2);
      }
    }
  }
}

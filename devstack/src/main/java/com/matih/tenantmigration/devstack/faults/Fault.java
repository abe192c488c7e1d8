package com.matih.tenantmigration.devstack.faults;

import com.matih.tenantmigration.devstack.services.SampleService;
import com.matih.tenantmigration.workflow.CheckName;
import com.matih.tenantmigration.workflow.request.Mode;
import java.util.function.Consumer;

/**
 * Something that goes wrong while a tenant is copied, and that a check is there to find.
 *
 * @param moment when it goes wrong
 * @param damage does it, through plain clients
 * @param repair puts right what no rollback does, after the activity that the damage came before
 */
public record Fault(Moment moment, Consumer<Scene> damage, Consumer<Scene> repair) {

  /** When something goes wrong. */
  enum Moment {
    /** After the copy, right before the first check. */
    BEFORE_THE_CHECKS("Check"),
    /** When the tenant is read-only, right before late writes are searched for. */
    BEFORE_THE_SEARCH_FOR_LATE_WRITES("CheckSourceQuiet"),
    /** While the cache is brought up to date. */
    WHILE_THE_CACHE_IS_FRESHENED("FreshenCache");

    private final String activity;

    Moment(String activity) {
      this.activity = activity;
    }

    /** Whether an activity of that type marks the moment. */
    boolean isMarkedBy(String activityType) {
      return activityType.startsWith(activity);
    }
  }

  /** The fault that a check finds. */
  public static Fault foundBy(CheckName check, Mode mode) {
    return switch (check) {
      case ROW_COUNT -> beforeTheChecks(RowFaults::deleteARow);
      case PRIMARY_KEY_CHECKSUM -> beforeTheChecks(RowFaults::changeAKey);
      case ROW_CONTENT -> beforeTheChecks(RowFaults::changeAColumn);
      case QUERY_TEST -> beforeTheChecks(RowFaults::changeAStatus);
      case STORAGE_REFERENCES -> beforeTheChecks(RowFaults::pointAReferenceBack);
      case TENANT_LEAK -> beforeTheChecks(LeakFaults::letAForeignThingIn);
      case OBJECT_COUNT -> beforeTheChecks(ObjectFaults::deleteAnObject);
      case OBJECT_SIZE -> beforeTheChecks(ObjectFaults::appendAByte);
      case OBJECT_CHECKSUM -> beforeTheChecks(ObjectFaults::swapTwoOfTheSameSize);
      case RECORD_CONTENT -> beforeTheChecks(RecordFaults::addARecord);
      case SOURCE_QUIET ->
          new Fault(
              Moment.BEFORE_THE_SEARCH_FOR_LATE_WRITES,
              RecordFaults::writeOnTheSharedSide,
              Fault::leaveIt);
      case DOCUMENT_CONTENT -> beforeTheChecks(DocumentFaults::changeADocument);
      case CACHE_CONTENT ->
          // a wrong value is put right there, and what nobody gave is no rollback's to delete
          mode == Mode.ONLINE
              ? new Fault(
                  Moment.WHILE_THE_CACHE_IS_FRESHENED,
                  CacheFaults::cacheWhatNoLoaderGives,
                  CacheFaults::forgetWhatNoLoaderGives)
              : beforeTheChecks(CacheFaults::cacheAnothersValue);
      case API_HEALTH -> beforeTheChecks(scene -> scene.services().breakDown(SampleService.EVENT));
    };
  }

  private static Fault beforeTheChecks(Consumer<Scene> damage) {
    return new Fault(Moment.BEFORE_THE_CHECKS, damage, Fault::leaveIt);
  }

  private static void leaveIt(Scene scene) {}
}

package com.matih.tenantmigration.activities.objectstorage.compare;

import com.matih.tenantmigration.activities.engine.Finding;
import com.matih.tenantmigration.activities.objectstorage.client.TargetClaim;
import com.matih.tenantmigration.controlplane.MigrationJournal;
import com.matih.tenantmigration.workflow.MigrationContext;
import com.matih.tenantmigration.workflow.MigrationException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Up to which name contents were compared and found equal, for the next attempt of the check to go
 * on there. Objects are compared out of order, so it is the last name before which none is missing.
 *
 * <p>Nothing more is noted once there is a mismatch, so that the next attempt finds it again; and
 * what was noted is forgotten when the check ends, so that another one compares everything.
 */
final class ComparedSoFar {

  private static final String NOTE = "objects-compared-so-far";
  private static final Duration BETWEEN = Duration.ofSeconds(1);

  private final MigrationJournal journal;
  private final String migrationId;
  private final Finding finding;
  private final Map<Long, Done> done = new HashMap<>();
  private Place place;
  private long begun;
  private long ended;
  private boolean ends;
  private long savedAt = System.nanoTime();

  /** Goes on where an earlier attempt ended, whose counts the finding gets. */
  ComparedSoFar(MigrationJournal journal, MigrationContext context, Finding finding) {
    this.journal = journal;
    this.migrationId = context.migrationId();
    this.finding = finding;
    this.place =
        journal
            .recall(migrationId, TargetClaim.STORE, NOTE, Place.class)
            .orElse(new Place(null, 0, 0));
    finding.compared(place.compared());
  }

  /**
   * A place in the order of the names.
   *
   * @param name the last name as Base64, as JSON of PostgreSQL does not hold every character;
   *     {@code null} where nothing was compared
   * @param compared how many were compared up to there
   * @param left how many were not, as they had changed
   */
  record Place(@Nullable String name, long compared, long left) {}

  private record Done(String name, boolean isLeft) {}

  /** The name after which to go on; {@code null} for the beginning. */
  synchronized @Nullable String name() {
    String encoded = place.name();
    return encoded == null
        ? null
        : new String(Base64.getDecoder().decode(encoded), StandardCharsets.UTF_8);
  }

  /** How many an earlier attempt had left. */
  synchronized long left() {
    return place.left();
  }

  /** To be called in the order of the names, before each is compared. */
  synchronized long begin() {
    return begun++;
  }

  /**
   * To be called when it is compared.
   *
   * @param number as it was begun with
   * @param isLeft whether it was not compared, as it had changed
   */
  synchronized void done(long number, String name, boolean isLeft) {
    done.put(number, new Done(name, isLeft));
    for (Done next = done.remove(ended); next != null; next = done.remove(ended)) {
      ended++;
      place =
          new Place(
              Base64.getEncoder().encodeToString(next.name().getBytes(StandardCharsets.UTF_8)),
              place.compared() + (next.isLeft() ? 0 : 1),
              place.left() + (next.isLeft() ? 1 : 0));
    }
    if (System.nanoTime() - savedAt > BETWEEN.toNanos()) {
      note();
    }
  }

  /** Notes no further place: the next attempt has to find again what is compared next. */
  synchronized void end() {
    ends = true;
  }

  /** Notes the place, such as when the attempt fails. */
  synchronized void note() {
    savedAt = System.nanoTime();
    if (finding.mismatchCount() == 0 && ended > 0 && !ends) {
      journal.put(migrationId, TargetClaim.STORE, NOTE, place);
    }
  }

  /**
   * Notes the place for the next attempt; a failure to do so is told with the one that led here.
   */
  MigrationException noted(MigrationException failure) {
    try {
      note();
    } catch (RuntimeException e) {
      failure.addSuppressed(e);
    }
    return failure;
  }

  /** Forgets it all, at the end of the check. */
  synchronized void forget() {
    journal.forget(migrationId, TargetClaim.STORE, NOTE);
  }
}

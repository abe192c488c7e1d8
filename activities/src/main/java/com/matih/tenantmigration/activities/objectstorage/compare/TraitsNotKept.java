package com.matih.tenantmigration.activities.objectstorage.compare;

import com.matih.tenantmigration.activities.engine.Finding;
import com.matih.tenantmigration.activities.objectstorage.content.BucketTraits;
import com.matih.tenantmigration.workflow.report.Units;
import java.util.concurrent.atomic.AtomicLong;
import software.amazon.awssdk.services.s3.model.GetObjectResponse;

/**
 * Counts what the dedicated bucket did not keep of its objects' {@link BucketTraits}, which is no
 * mismatch but has to be known. The headers of the reads that compare content tell it.
 */
final class TraitsNotKept {

  private final AtomicLong classes = new AtomicLong();
  private final AtomicLong locks = new AtomicLong();

  void look(GetObjectResponse object, GetObjectResponse copy) {
    BucketTraits original = BucketTraits.of(object);
    BucketTraits kept = BucketTraits.of(copy);
    if (original.hasOtherClassThan(kept)) {
      classes.incrementAndGet();
    }
    if (!original.lock().isKeptBy(kept.lock())) {
      locks.incrementAndGet();
    }
  }

  void noteIn(Finding finding) {
    note(finding, classes.get(), "in another storage class on the dedicated side");
    note(finding, locks.get(), "without the retention or legal hold of the shared side");
  }

  private static void note(Finding finding, long count, String what) {
    if (count > 0) {
      finding.note(
          "%s %s %s.".formatted(Units.plural(count, "object"), count == 1 ? "is" : "are", what));
    }
  }
}

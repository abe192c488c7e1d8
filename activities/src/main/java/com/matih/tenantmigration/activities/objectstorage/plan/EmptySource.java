package com.matih.tenantmigration.activities.objectstorage.plan;

import com.matih.tenantmigration.activities.engine.PlanNotes;
import com.matih.tenantmigration.activities.engine.ProgressMonitor;
import com.matih.tenantmigration.activities.objectstorage.client.ObjectStore;
import java.util.Optional;

/**
 * What the plan says where there is no object below the source's prefix: every copy would be empty
 * and every check would agree, so it is taken for a mistyped prefix unless the request allows it.
 */
final class EmptySource {

  private EmptySource() {}

  static void note(
      ObjectStore source, boolean allowEmpty, ProgressMonitor monitor, PlanNotes notes) {
    String uri = source.location().uri();
    Optional<String> other = OtherSpelling.of(source, monitor);
    if (other.isPresent() && allowEmpty) {
      notes.warn(
          uri,
          "There is no object below the source's prefix, as objectStorage.allowEmpty allows. There are objects below %s, which differs from it only in its spelling. Check that they are another tenant's."
              .formatted(other.get()));
    } else if (other.isPresent()) {
      notes.refuse(
          uri,
          "There is no object below the source's prefix, but there are objects below %s, which differs from it only in its spelling."
              .formatted(other.get()),
          "Correct objectStorage.source.prefix, or write objectStorage.allowEmpty: true if the tenant has"
              + " no objects and those are another tenant's.");
    } else if (allowEmpty) {
      notes.warn(uri, "There is no object below the source's prefix.");
    } else {
      notes.refuse(
          uri,
          "There is no object below the source's prefix, so nothing would be moved.",
          "Correct objectStorage.source.bucket or prefix, or write objectStorage.allowEmpty: true"
              + " if the tenant has no objects.");
    }
  }
}

package com.matih.tenantmigration.activities.objectstorage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.matih.tenantmigration.activities.engine.Finding;
import com.matih.tenantmigration.activities.engine.ProgressMonitor;
import com.matih.tenantmigration.activities.objectstorage.client.BatchDelete;
import com.matih.tenantmigration.activities.objectstorage.client.ObjectStore;
import com.matih.tenantmigration.activities.testing.CancellableMonitor;
import com.matih.tenantmigration.embedded.workload.objects.ObjectJudge;
import com.matih.tenantmigration.workflow.MigrationException;
import com.matih.tenantmigration.workflow.report.CheckResult;
import com.matih.tenantmigration.workflow.report.CheckResult.Status;
import com.matih.tenantmigration.workflow.report.Drained;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.s3.model.MetadataDirective;

/** Single steps of a move of objects while the tenant works. */
class OnlineObjectStepsIT {

  @Test
  void checksFindWhatIsMissingAndStrangeAndDamagedWhileTheTenantWorks() {
    try (OnlineObjectsLab lab = settled()) {
      new BatchDelete(lab.buckets.target()).delete(List.of("moved/a"));
      TestBuckets.put(lab.buckets.target(), "b", "BBBB");
      TestBuckets.put(lab.buckets.target(), "c", "longer than it was");
      TestBuckets.put(lab.buckets.target(), "stranger", "x");

      Map<String, Finding> found = lab.check(lab.working);

      assertThat(found.get("counts").namedMismatches())
          .hasSize(2)
          .anyMatch(text -> text.contains("tenants/acme/a (4 bytes) is missing"))
          .anyMatch(text -> text.contains("moved/stranger (1 bytes) is not on the source"));
      assertThat(found.get("sizes").namedMismatches())
          .hasSize(3)
          .anyMatch(text -> text.contains("moved/c has 18"));
      assertThat(found.get("contents").namedMismatches())
          .hasSize(3)
          .anyMatch(text -> text.contains("moved/b: content is not"));
      assertThat(found.get("leaks").namedMismatches())
          .singleElement()
          .asString()
          .contains("moved/stranger");
    }
  }

  @Test
  void theDrainFindsWhatWasChangedOnTheDedicatedSideSinceItWasCopied() {
    try (OnlineObjectsLab lab = settled()) {
      new BatchDelete(lab.buckets.target()).delete(List.of("moved/a"));
      TestBuckets.put(lab.buckets.target(), "b", "BBBB");

      Drained drained = lab.drain();

      assertThat(drained.checks())
          .hasSize(3)
          .allSatisfy(check -> assertThat(check.status()).isEqualTo(Status.FAILED))
          .extracting(CheckResult::mismatches)
          .anyMatch(texts -> texts.get(0).contains("tenants/acme/a (4 bytes) is missing"))
          .anyMatch(texts -> texts.get(0).contains("moved/b is not what was copied there"));
    }
  }

  @Test
  void whatTheTenantChangesAfterThePassIsNoMismatchAndIsCarriedOverByTheDrain() {
    try (OnlineObjectsLab lab = settled()) {
      TestBuckets.put(lab.buckets.source(), "a", "AAAA");
      TestBuckets.put(lab.buckets.source(), "b", "longer than it was");
      TestBuckets.put(lab.buckets.source(), "new", "x");
      new BatchDelete(lab.buckets.source()).delete(List.of("tenants/acme/c"));

      lab.check(lab.working)
          .forEach((what, found) -> assertThat(found.namedMismatches()).as(what).isEmpty());
      Drained drained = lab.drain();

      assertThat(drained.checks())
          .hasSize(3)
          .allSatisfy(check -> assertThat(check.status()).isEqualTo(Status.PASSED))
          .allSatisfy(check -> assertThat(check.compared()).isEqualTo(4));
      assertThat(ObjectJudge.difference(lab.shared(), lab.dedicated())).isEmpty();
      assertThat(lab.lateWrites().mismatchCount()).isZero();
    }
  }

  @Test
  void tagsThatAloneChangedAreCopiedAgainAfterTheCheckHasSeenThem() {
    try (OnlineObjectsLab lab = settled()) {
      lab.buckets.source().putTags("tenants/acme/a", Map.of("scanned", "clean"));

      Finding found = lab.check(lab.working).get("contents");
      assertThat(found.namedMismatches()).isEmpty();
      assertThat(found.notes()).singleElement().asString().contains("1 object had other tags");
      var unused = lab.drain();

      assertThat(lab.buckets.target().tags("moved/a")).isEqualTo(Map.of("scanned", "clean"));
    }
  }

  @Test
  void tagsThatAloneChangeAreCarriedOverWhereTheRequestAsksForIt() {
    try (OnlineObjectsLab lab = settled(OnlineObjectsLab.checkingMetadata())) {
      ObjectStore source = lab.buckets.source();
      ObjectStore target = lab.buckets.target();
      Instant written = target.head("moved/a").lastModified();

      source.putTags("tenants/acme/a", Map.of("scanned", "clean"));
      source.putTags("tenants/acme/b", Map.of("kind", "draft"));
      lab.catchUp();
      assertThat(target.tags("moved/a")).isEqualTo(Map.of("scanned", "clean"));
      assertThat(target.tags("moved/b")).isEqualTo(Map.of("kind", "draft"));
      source.putTags("tenants/acme/a", Map.of("scanned", "infected", "by", "x"));
      source.putTags("tenants/acme/b", Map.of());
      Drained drained = lab.drain();

      assertThat(target.tags("moved/a")).isEqualTo(Map.of("scanned", "infected", "by", "x"));
      assertThat(target.tags("moved/b")).isEmpty();
      assertThat(target.head("moved/a").lastModified()).as("the content").isEqualTo(written);
      assertThat(drained.checks())
          .hasSize(3)
          .allSatisfy(check -> assertThat(check.status()).isEqualTo(Status.PASSED));
      assertThat(lab.lateWrites().mismatchCount()).isZero();
    }
  }

  @Test
  void metadataThatAloneChangesIsCarriedOverWhereTheRequestAsksForIt() {
    try (OnlineObjectsLab lab = settled(OnlineObjectsLab.checkingMetadata(), new byte[9 << 20])) {
      replaceMetadata(lab.buckets.source(), "tenants/acme/a");
      replaceMetadata(lab.buckets.source(), "tenants/acme/large");
      lab.buckets.source().putTags("tenants/acme/a", Map.of("kind", "draft"));

      Drained drained = lab.drain();

      ObjectStore target = lab.buckets.target();
      assertThat(target.head("moved/a").metadata()).containsEntry("owner", "ann");
      assertThat(target.tags("moved/a")).isEqualTo(Map.of("kind", "draft"));
      assertThat(target.head("moved/large").metadata()).containsEntry("owner", "ann");
      assertThat(drained.checks())
          .hasSize(3)
          .allSatisfy(check -> assertThat(check.status()).isEqualTo(Status.PASSED))
          .allSatisfy(check -> assertThat(check.compared()).isEqualTo(2));
      assertThat(ObjectJudge.difference(lab.shared(), lab.dedicated())).isEmpty();
    }
  }

  /** In place, which the embedded server does not show in its listing. */
  private static void replaceMetadata(ObjectStore store, String key) {
    var unused =
        store.call(
            "replace the metadata",
            s3 ->
                s3.copyObject(
                    copy ->
                        copy.sourceBucket(store.bucket())
                            .sourceKey(key)
                            .destinationBucket(store.bucket())
                            .destinationKey(key)
                            .metadataDirective(MetadataDirective.REPLACE)
                            .metadata(Map.of("owner", "ann"))));
  }

  @Test
  void whatIsWrittenToTheSharedSideAfterTheDrainIsNamed() {
    try (OnlineObjectsLab lab = settled()) {
      var unused = lab.drain();
      TestBuckets.put(lab.buckets.source(), "late", "x");

      assertThat(lab.lateWrites().namedMismatches())
          .singleElement()
          .asString()
          .contains("tenants/acme/late was written");
    }
  }

  @Test
  void nothingIsCopiedTwiceWhereNothingChanged() {
    try (OnlineObjectsLab lab = settled()) {
      var before = lab.buckets.target().head("moved/a").lastModified();
      lab.catchUp();
      Drained drained = lab.drain();

      assertThat(drained.checks()).as("what was carried over").isEmpty();
      assertThat(lab.buckets.target().head("moved/a").lastModified()).isEqualTo(before);
    }
  }

  @Test
  void aCopyThatWasCancelledIsTakenUpWhereItWas() {
    try (OnlineObjectsLab lab = new OnlineObjectsLab()) {
      for (int i = 0; i < 200; i++) {
        TestBuckets.put(lab.buckets.source(), "object-%03d".formatted(i), "content " + i);
      }
      assertThatThrownBy(() -> lab.copy(CancellableMonitor.cancellingAfter(120)))
          .isInstanceOf(MigrationException.class);

      var copied = lab.copy(ProgressMonitor.unmonitored());

      assertThat(copied.objectStorage()).isNotNull();
      assertThat(copied.objectStorage().objects()).isEqualTo(200);
      assertThat(ObjectJudge.difference(lab.shared(), lab.dedicated())).isEmpty();
    }
  }

  /** Three objects that were copied, and are no longer young. */
  private static OnlineObjectsLab settled() {
    return settled(new OnlineObjectsLab());
  }

  private static OnlineObjectsLab settled(OnlineObjectsLab lab, byte[] large) {
    TestBuckets.put(lab.buckets.source(), "large", large);
    return settled(lab);
  }

  private static OnlineObjectsLab settled(OnlineObjectsLab lab) {
    TestBuckets.put(lab.buckets.source(), "a", "aaaa");
    TestBuckets.put(lab.buckets.source(), "b", "bbbb");
    TestBuckets.put(lab.buckets.source(), "c", "cccc");
    ProgressMonitor.unmonitored().pause(Duration.ofSeconds(4));
    var copied = lab.copy(ProgressMonitor.unmonitored());
    assertThat(copied.objectStorage()).isNotNull();
    // what was counted as carried before is compared by this
    assertThat(lab.check(lab.working).get("contents").mismatchCount()).isZero();
    return lab;
  }
}

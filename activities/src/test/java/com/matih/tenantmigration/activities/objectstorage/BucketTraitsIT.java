package com.matih.tenantmigration.activities.objectstorage;

import static org.assertj.core.api.Assertions.assertThat;

import com.matih.tenantmigration.activities.engine.Finding;
import com.matih.tenantmigration.activities.engine.ProgressMonitor;
import com.matih.tenantmigration.activities.objectstorage.client.ObjectStore;
import com.matih.tenantmigration.activities.objectstorage.compare.ObjectContentComparison;
import com.matih.tenantmigration.activities.objectstorage.copy.ObjectCopier;
import com.matih.tenantmigration.activities.objectstorage.copy.ObjectCopierIT;
import com.matih.tenantmigration.activities.objectstorage.plan.ObjectStoragePlanner;
import com.matih.tenantmigration.embedded.testing.TestServers;
import com.matih.tenantmigration.workflow.MigrationContext;
import com.matih.tenantmigration.workflow.report.LeftBehind;
import com.matih.tenantmigration.workflow.report.PlanFindings;
import com.matih.tenantmigration.workflow.report.Warning;
import com.matih.tenantmigration.workflow.request.ObjectStorageSpec;
import com.matih.tenantmigration.workflow.request.ObjectStorageSpec.Location;
import java.io.IOException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.model.ObjectLockEnabled;
import software.amazon.awssdk.services.s3.model.ObjectLockRetentionMode;

/** Storage classes and Object Lock: kept where the dedicated bucket can, else said. */
final class BucketTraitsIT {

  private static final int LARGE = 9 * 1024 * 1024;

  private final TestBuckets buckets = new TestBuckets();
  private FaultyProxy shared;
  private FaultyProxy dedicated;
  private MigrationContext context;

  @BeforeEach
  void open() throws IOException {
    shared = new FaultyProxy(TestServers.s3().endpoint());
    dedicated = new FaultyProxy(TestServers.dedicatedS3().endpoint());
    context =
        buckets.context(
            new ObjectStorageSpec(
                shared.before(buckets.spec().source()),
                dedicated.before(buckets.spec().target()),
                8));
  }

  @AfterEach
  void close() {
    shared.close();
    dedicated.close();
    buckets.close();
  }

  @Test
  void aStorageClassIsKept() {
    putRare("small", new byte[10]);
    putRare("large", new byte[LARGE]);
    TestBuckets.put(buckets.source(), "plain", "1");
    ObjectCopierIT.provision(buckets);

    Finding finding = copyAndCompare();

    assertThat(finding.notes()).isEmpty();
    assertThat(buckets.target().head("small").storageClassAsString()).isEqualTo("STANDARD_IA");
    assertThat(buckets.target().head("large").storageClassAsString()).isEqualTo("STANDARD_IA");
    assertThat(dedicated.requests()).noneMatch(request -> request.contains("/plain in "));
  }

  @Test
  void aStorageClassThatTheServerDoesNotHaveIsNoted() {
    for (int number = 0; number < 20; number++) {
      putRare("rare-" + number, new byte[number]);
    }
    putRare("large", new byte[LARGE]);
    TestBuckets.put(buckets.source(), "plain", "1");
    ObjectCopierIT.provision(buckets);
    dedicated.answers(
        request ->
            request.endsWith(" in STANDARD_IA")
                ? new FaultyProxy.Answer(400, "InvalidStorageClass", "not here")
                : null);

    Finding finding = copyAndCompare();

    assertThat(finding.notes())
        .containsExactly("21 objects are in another storage class on the dedicated side.");
    assertThat(dedicated.requests().stream().filter(request -> request.contains(" in STANDARD_IA")))
        .as("asked by those that were under way, and no more")
        .hasSizeBetween(1, 8);
  }

  @Test
  void aRetentionAndALegalHoldAreKeptInABucketThatLocks() {
    Instant until = Instant.now().plus(700, ChronoUnit.DAYS).truncatedTo(ChronoUnit.SECONDS);
    Instant ended = Instant.now().minus(1, ChronoUnit.DAYS).truncatedTo(ChronoUnit.SECONDS);
    TestBuckets.put(buckets.source(), "retained", "1");
    TestBuckets.put(buckets.source(), "ended", "1");
    TestBuckets.put(buckets.source(), "held", new byte[LARGE]);
    TestBuckets.put(buckets.source(), "free", "1");
    createLockingBucket(buckets.target());
    shared.changesHeaders(
        (request, headers) -> {
          if (request.contains("/retained") || request.contains("/ended")) {
            headers.set("x-amz-object-lock-mode", "COMPLIANCE");
            headers.set(
                "x-amz-object-lock-retain-until-date",
                (request.contains("/ended") ? ended : until).toString());
          }
          if (request.contains("/held")) {
            headers.set("x-amz-object-lock-legal-hold", "ON");
          }
        });
    PlanFindings plan = plan();
    assertThat(plan.refusals()).isEmpty();
    assertThat(plan.leftBehind()).isEmpty();
    assertThat(plan.warnings())
        .extracting(Warning::message)
        .anyMatch(text -> text.startsWith("2 objects are under a retention or legal hold, and so"));

    Finding finding = copyAndCompare();

    assertThat(dedicated.requests())
        .anyMatch(request -> request.endsWith("/retained lock COMPLIANCE until " + until))
        .anyMatch(
            request -> request.startsWith("POST ") && request.endsWith("/held?uploads hold ON"))
        .noneMatch(request -> request.contains("/ended lock") || request.contains("/free lock"));
    assertThat(finding.notes())
        .as("the embedded server takes these headers and forgets them")
        .containsExactly("2 objects are without the retention or legal hold of the shared side.");
  }

  @Test
  void locksAreListedWhereTheBucketHasNone() {
    TestBuckets.put(buckets.source(), "held", "1");
    TestBuckets.put(buckets.source(), "free", "1");
    shared.changesHeaders(
        (request, headers) -> {
          if (request.contains("/held")) {
            headers.set("x-amz-object-lock-legal-hold", "ON");
          }
        });
    assertThat(plan().leftBehind())
        .singleElement()
        .satisfies(
            left -> {
              assertThat(left.count()).isEqualTo(1);
              assertThat(left.reason()).contains("created without Object Lock");
            });
    ObjectCopierIT.provision(buckets);
    assertThat(plan().leftBehind())
        .singleElement()
        .satisfies(left -> assertThat(left.reason()).contains("bucket has no Object Lock"));

    Finding finding = copyAndCompare();

    assertThat(dedicated.requests()).noneMatch(request -> request.contains(" hold "));
    assertThat(finding.notes())
        .containsExactly("1 object is without the retention or legal hold of the shared side.");
  }

  @Test
  void locksThatAReadDoesNotTellAreListed() {
    Location locking =
        TestBuckets.location(
            TestServers.s3(), buckets.spec().source().bucket() + "-lock", "tenants/acme/");
    try (ObjectStore source = TestBuckets.open(locking)) {
      createLockingBucket(source);
      TestBuckets.put(source, "held", "1");
    }
    context =
        buckets.context(
            new ObjectStorageSpec(
                shared.before(locking), dedicated.before(buckets.spec().target()), 8));
    shared.changesHeaders(
        (request, headers) -> {
          if (request.startsWith("HEAD ") && request.contains("/held")) {
            headers.set("x-amz-object-lock-legal-hold", "ON");
          }
        });

    assertThat(plan().leftBehind())
        .singleElement()
        .satisfies(
            left -> {
              assertThat(left.count()).isEqualTo(1);
              assertThat(left.reason()).contains("does not tell them where content is read");
            });
  }

  @Test
  void aDefaultRetentionOfTheTargetIsToldAsARollbackCannotRemoveTheCopies() {
    TestBuckets.put(buckets.source(), "a", "1");
    ObjectStore target = buckets.target();
    createLockingBucket(target);
    var unused =
        target.call(
            "set the default retention",
            s3 ->
                s3.putObjectLockConfiguration(
                    put ->
                        put.bucket(target.bucket())
                            .objectLockConfiguration(
                                lock ->
                                    lock.objectLockEnabled(ObjectLockEnabled.ENABLED)
                                        .rule(
                                            rule ->
                                                rule.defaultRetention(
                                                    retention ->
                                                        retention
                                                            .mode(
                                                                ObjectLockRetentionMode.COMPLIANCE)
                                                            .days(30))))));

    assertThat(plan().warnings())
        .extracting(Warning::message)
        .anyMatch(
            text ->
                text.startsWith(
                    "The target's bucket gives each new object a retention (COMPLIANCE, 30 days):"
                        + " after a rollback nobody can remove the copies"));
  }

  @Test
  void whatTheKeyMayNotReadIsSaid() {
    TestBuckets.put(buckets.source(), "a", "1");
    shared.answers(
        request ->
            List.of("?versioning", "?acl", "?object-lock").stream().anyMatch(request::contains)
                ? new FaultyProxy.Answer(403, "AccessDenied", "no")
                : null);

    PlanFindings plan = plan();

    assertThat(plan.refusals()).isEmpty();
    assertThat(plan.warnings())
        .extracting(Warning::message)
        .containsExactly(
            "The source's access key may not read access lists (s3:GetObjectAcl), Object Lock"
                + " (s3:GetBucketObjectLockConfiguration), older versions (s3:GetBucketVersioning):"
                + " if there are any, they stay behind and are not listed.");
  }

  @Test
  void theCountOfASampleIsNotToldAsThatOfAll() {
    for (int number = 0; number < 520; number++) {
      TestBuckets.put(buckets.source(), "object-%03d".formatted(number), "1");
    }
    shared.changesHeaders((request, headers) -> headers.set("x-amz-object-lock-legal-hold", "ON"));

    assertThat(plan().leftBehind())
        .singleElement()
        .satisfies(
            left -> {
              assertThat(left.count()).isEqualTo(LeftBehind.UNKNOWN);
              assertThat(left.reason()).contains("260 of the 260 objects that were looked at");
            });
  }

  private Finding copyAndCompare() {
    var unused =
        new ObjectCopier(TestBuckets.STORES, TestBuckets.journal())
            .copy(context, ProgressMonitor.unmonitored());
    Finding finding =
        new ObjectContentComparison(TestBuckets.STORES, TestBuckets.journal())
            .compare(context, ProgressMonitor.unmonitored());
    assertThat(finding.namedMismatches()).isEmpty();
    return finding;
  }

  private PlanFindings plan() {
    return new ObjectStoragePlanner(TestBuckets.STORES)
        .plan(context, ProgressMonitor.unmonitored());
  }

  private void putRare(String name, byte[] content) {
    ObjectStore source = buckets.source();
    var unused =
        source.call(
            "put " + name,
            s3 ->
                s3.putObject(
                    put ->
                        put.bucket(source.bucket())
                            .key(source.prefix() + name)
                            .storageClass("STANDARD_IA"),
                    RequestBody.fromBytes(content)));
  }

  private static void createLockingBucket(ObjectStore store) {
    var unused =
        store.call(
            "create a bucket",
            s3 ->
                s3.createBucket(
                    create -> create.bucket(store.bucket()).objectLockEnabledForBucket(true)));
  }
}

package com.matih.tenantmigration.activities.objectstorage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.matih.tenantmigration.activities.engine.Finding;
import com.matih.tenantmigration.activities.engine.ProgressMonitor;
import com.matih.tenantmigration.activities.objectstorage.client.UploadsInProgress;
import com.matih.tenantmigration.activities.objectstorage.compare.ObjectContentComparison;
import com.matih.tenantmigration.activities.objectstorage.compare.PointObjectChecks;
import com.matih.tenantmigration.activities.objectstorage.copy.ObjectCopier;
import com.matih.tenantmigration.activities.objectstorage.copy.ObjectCopierIT;
import com.matih.tenantmigration.activities.objectstorage.plan.ObjectStoragePlanner;
import com.matih.tenantmigration.embedded.testing.TestServers;
import com.matih.tenantmigration.workflow.FailureType;
import com.matih.tenantmigration.workflow.MigrationContext;
import com.matih.tenantmigration.workflow.MigrationException;
import com.matih.tenantmigration.workflow.report.PlanFindings;
import com.matih.tenantmigration.workflow.report.Refusal;
import com.matih.tenantmigration.workflow.request.ObjectStorageSpec;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Real servers behind a network and a load that are not what they should be. */
final class FaultyObjectStorageIT {

  private final ObjectCopier copier = new ObjectCopier(TestBuckets.STORES, TestBuckets.journal());
  private final ObjectContentComparison comparison =
      new ObjectContentComparison(TestBuckets.STORES, TestBuckets.journal());
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

  private void put(int objects) {
    for (int i = 0; i < objects; i++) {
      TestBuckets.put(buckets.source(), "object-%03d".formatted(i), "content of " + i);
    }
  }

  private void requireEqual(int objects) {
    Finding finding = comparison.compare(context, ProgressMonitor.unmonitored());
    assertThat(finding.namedMismatches()).isEmpty();
    assertThat(finding.comparedCount()).isEqualTo(objects);
  }

  @Test
  void oneOfSevenRequestsThatIsToldToSlowDownFailsNothing() {
    put(200);
    Random random = new Random(7);
    FaultyProxy.Fault slow =
        request ->
            random.nextInt(100) < 15
                ? new FaultyProxy.Answer(503, "SlowDown", "Please reduce your request rate.")
                : null;
    shared.answers(slow);
    dedicated.answers(slow);
    ObjectCopierIT.provision(buckets);

    assertThat(copier.copy(context, ProgressMonitor.unmonitored()).objectStorage().objects())
        .isEqualTo(200);
    requireEqual(200);
  }

  @Test
  void whatIsDamagedOnTheWayToTheTargetIsWrittenAgain() {
    put(12);
    ObjectCopierIT.provision(buckets);
    Set<String> damaged = ConcurrentHashMap.newKeySet();
    dedicated.changesRequests(
        (request, body) ->
            request.startsWith("PUT ") && request.contains("object-") && damaged.add(request)
                ? withOneBitOther(body)
                : body);

    copier.copy(context, ProgressMonitor.unmonitored());

    assertThat(damaged).hasSize(12);
    requireEqual(12);
  }

  @Test
  void whatIsDamagedOnTheWayFromTheSourceIsReadAgain() {
    put(12);
    ObjectCopierIT.provision(buckets);
    Set<String> damaged = ConcurrentHashMap.newKeySet();
    shared.changesAnswers(
        (request, body) ->
            request.startsWith("GET ") && request.matches(".*object-\\d+") && damaged.add(request)
                ? withOneBitOther(body)
                : body);

    copier.copy(context, ProgressMonitor.unmonitored());

    assertThat(damaged).hasSize(12);
    requireEqual(12);
  }

  @Test
  void aCheckThatIsRetriedGoesOnWhereItEnded() {
    put(60);
    ObjectCopierIT.provision(buckets);
    copier.copy(context, ProgressMonitor.unmonitored());
    shared.answers(
        request ->
            request.startsWith("GET ") && request.endsWith("object-040")
                ? new FaultyProxy.Answer(403, "AccessDenied", "no")
                : null);
    MigrationException failed =
        catchThrowableOfType(
            MigrationException.class,
            () -> comparison.compare(context, ProgressMonitor.unmonitored()));
    assertThat(failed.type()).isEqualTo(FailureType.PERMISSION_DENIED);
    int before = shared.requests().size();
    shared.answers(request -> null);

    requireEqual(60);

    List<String> read =
        shared.requests().subList(before, shared.requests().size()).stream()
            .filter(request -> request.matches("GET .*object-\\d+"))
            .toList();
    assertThat(read).hasSizeBetween(20, 40).noneMatch(request -> request.endsWith("object-000"));

    before = shared.requests().size();
    requireEqual(60);
    assertThat(
            shared.requests().subList(before, shared.requests().size()).stream()
                .filter(request -> request.matches("GET .*object-\\d+")))
        .as("a check that is not a retry compares everything")
        .hasSize(60);
  }

  @Test
  void aCheckWhileTheTenantWorksGoesOnWhereItEnded() {
    try (OnlineObjectsLab online = new OnlineObjectsLab()) {
      for (int i = 0; i < 60; i++) {
        TestBuckets.put(online.buckets.source(), "object-%03d".formatted(i), "content of " + i);
      }
      // an object that is younger is left to the drain
      ProgressMonitor.unmonitored().pause(Duration.ofSeconds(4));
      online.copy(ProgressMonitor.unmonitored());
      online.catchUp();
      ObjectStorageSpec spec = online.buckets.spec();
      MigrationContext behind =
          new MigrationContext(
                  online.context.migrationId(),
                  online.context.workflowId(),
                  online.context.runId(),
                  online
                      .buckets
                      .context(
                          new ObjectStorageSpec(shared.before(spec.source()), spec.target(), 8))
                      .request())
              .whileTenantWorks();
      PointObjectChecks checks = new PointObjectChecks(TestBuckets.STORES, TestBuckets.journal());
      shared.answers(
          request ->
              request.startsWith("GET ") && request.endsWith("object-040")
                  ? new FaultyProxy.Answer(403, "AccessDenied", "no")
                  : null);
      assertThat(
              catchThrowableOfType(
                  MigrationException.class,
                  () -> checks.contents(behind, ProgressMonitor.unmonitored())))
          .isNotNull();
      int before = shared.requests().size();
      shared.answers(request -> null);

      Finding finding = checks.contents(behind, ProgressMonitor.unmonitored());

      assertThat(finding.namedMismatches()).isEmpty();
      assertThat(finding.comparedCount()).isEqualTo(60);
      assertThat(
              shared.requests().subList(before, shared.requests().size()).stream()
                  .filter(request -> request.matches("GET .*object-\\d+")))
          .hasSizeBetween(20, 40);
    }
  }

  @Test
  void aMismatchIsFoundAgainByTheNextAttempt() {
    put(30);
    ObjectCopierIT.provision(buckets);
    copier.copy(context, ProgressMonitor.unmonitored());
    TestBuckets.put(buckets.target(), "object-003", "something");
    AtomicInteger denied = new AtomicInteger();
    shared.answers(
        request ->
            request.endsWith("object-025") && denied.getAndIncrement() == 0
                ? new FaultyProxy.Answer(403, "AccessDenied", "no")
                : null);
    assertThat(
            catchThrowableOfType(
                MigrationException.class,
                () -> comparison.compare(context, ProgressMonitor.unmonitored())))
        .isNotNull();

    Finding finding = comparison.compare(context, ProgressMonitor.unmonitored());

    assertThat(finding.namedMismatches())
        .singleElement()
        .satisfies(text -> assertThat(text).contains("object-003"));
    assertThat(finding.comparedCount()).isEqualTo(30);
  }

  @Test
  void aServerThatSaysThatThereIsNoTagSetHasObjectsWithoutTags() {
    put(3);
    ObjectCopierIT.provision(buckets);
    FaultyProxy.Fault withoutTagSet =
        request ->
            request.startsWith("GET ") && request.contains("?tagging")
                ? new FaultyProxy.Answer(404, "NoSuchTagSet", "The TagSet does not exist.")
                : null;
    shared.answers(withoutTagSet);
    dedicated.answers(withoutTagSet);

    copier.copy(context, ProgressMonitor.unmonitored());

    requireEqual(3);
  }

  @Test
  void objectsThatCannotBeReadAreRefusedByThePlan() {
    put(5);
    shared.answers(
        request -> {
          if (request.endsWith("object-002")) {
            return new FaultyProxy.Answer(
                400,
                "InvalidRequest",
                "The object was stored using a form of Server Side Encryption. The correct"
                    + " parameters must be provided to retrieve the object.");
          }
          return request.endsWith("object-003")
              ? new FaultyProxy.Answer(403, "AccessDenied", "no")
              : null;
        });

    List<Refusal> refusals =
        new ObjectStoragePlanner(TestBuckets.STORES)
            .plan(context, ProgressMonitor.unmonitored())
            .refusals();

    assertThat(refusals)
        .extracting(Refusal::object)
        .containsExactlyInAnyOrder(
            buckets.source().uri("tenants/acme/object-002"),
            buckets.source().uri("tenants/acme/object-003"));
    assertThat(refusals).extracting(Refusal::reason).anyMatch(reason -> reason.contains("SSE-C"));
  }

  @Test
  void headersThatServersKeepInDifferentWaysAreNoMismatch() {
    put(3);
    TestBuckets.put(buckets.source(), "large", new byte[9 << 20]);
    ObjectCopierIT.provision(buckets);
    shared.changesHeaders(
        (request, headers) -> {
          if (request.contains("object-000") || request.contains("large")) {
            headers.set("Content-Encoding", "aws-chunked");
          } else if (request.contains("object-001")) {
            headers.set("Content-Encoding", "");
          }
          headers.remove("Content-Type");
        });

    copier.copy(context, ProgressMonitor.unmonitored());

    requireEqual(4);
    assertThat(buckets.target().head("object-000").contentEncoding()).isNull();
    assertThat(buckets.target().head("large").contentType()).isEqualTo("binary/octet-stream");
  }

  @Test
  void rightsThatTheTargetsKeyLacksAreRefusedByThePlan() {
    put(1);
    TestBuckets.createBucket(buckets.target());
    dedicated.answers(
        request ->
            request.startsWith("DELETE ") || request.contains("tagging")
                ? new FaultyProxy.Answer(403, "AccessDenied", "no")
                : null);

    List<Refusal> refusals = plan().refusals();

    assertThat(refusals)
        .extracting(Refusal::reason)
        .containsExactly(
            "The target's access key lacks rights to the dedicated bucket:"
                + " s3:GetObjectTagging, s3:AbortMultipartUpload, s3:PutObjectTagging, s3:DeleteObject.");
    dedicated.answers(request -> null);
    assertThat(plan().refusals()).isEmpty();
    assertThat(TestBuckets.keys(buckets.target())).isEmpty();
    assertThat(new UploadsInProgress(buckets.target()).ids()).isEmpty();
  }

  @Test
  void aKeyThatMayOnlyReadTheSharedObjectsIsEnough() {
    put(1);
    shared.answers(
        request ->
            request.startsWith("GET ")
                    && List.of("?uploads", "?versioning", "?object-lock", "?acl").stream()
                        .anyMatch(request::contains)
                ? new FaultyProxy.Answer(403, "AccessDenied", "no")
                : null);

    assertThat(plan().refusals()).isEmpty();
    ObjectCopierIT.provision(buckets);
    copier.copy(context, ProgressMonitor.unmonitored());
    requireEqual(1);
  }

  private PlanFindings plan() {
    return new ObjectStoragePlanner(TestBuckets.STORES)
        .plan(context, ProgressMonitor.unmonitored());
  }

  private static byte[] withOneBitOther(byte[] content) {
    if (content.length == 0) {
      return content;
    }
    byte[] other = content.clone();
    other[content.length / 2] ^= 1;
    return other;
  }
}

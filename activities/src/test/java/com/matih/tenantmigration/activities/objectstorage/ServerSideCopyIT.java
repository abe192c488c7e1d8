package com.matih.tenantmigration.activities.objectstorage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.matih.tenantmigration.activities.engine.Finding;
import com.matih.tenantmigration.activities.engine.ProgressMonitor;
import com.matih.tenantmigration.activities.objectstorage.client.ObjectStore;
import com.matih.tenantmigration.activities.objectstorage.compare.ObjectContentComparison;
import com.matih.tenantmigration.activities.objectstorage.copy.ObjectCopier;
import com.matih.tenantmigration.activities.objectstorage.provision.BucketProvisioner;
import com.matih.tenantmigration.embedded.testing.TestServers;
import com.matih.tenantmigration.workflow.FailureType;
import com.matih.tenantmigration.workflow.MigrationContext;
import com.matih.tenantmigration.workflow.MigrationException;
import com.matih.tenantmigration.workflow.request.ObjectStorageSpec;
import com.matih.tenantmigration.workflow.request.ObjectStorageSpec.Location;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.model.CompletedPart;
import software.amazon.awssdk.services.s3.model.HeadObjectResponse;

/** Objects whose two places are on one server. */
final class ServerSideCopyIT {

  private static final int MEBIBYTE = 1024 * 1024;

  private final TestBuckets buckets = new TestBuckets();
  private final Location place =
      TestBuckets.location(TestServers.s3(), "acme-beside-" + UUID.randomUUID(), "moved/");
  private FaultyProxy server;
  private MigrationContext context;
  private ObjectStore target;

  @BeforeEach
  void open() throws IOException {
    server = new FaultyProxy(TestServers.s3().endpoint());
    context =
        buckets.context(
            new ObjectStorageSpec(server.before(buckets.spec().source()), server.before(place), 8));
    target = TestBuckets.open(place);
    new BucketProvisioner(TestBuckets.STORES, TestBuckets.journal())
        .provision(context, ProgressMonitor.unmonitored());
  }

  @AfterEach
  void close() {
    server.close();
    target.close();
    buckets.close();
  }

  @Test
  void noContentPassesTheWorker() {
    ObjectStore source = buckets.source();
    TestBuckets.put(source, "empty", "");
    var unused =
        source.call(
            "put",
            s3 ->
                s3.putObject(
                    put ->
                        put.bucket(source.bucket())
                            .key(source.prefix() + "odd name/ä+b?c%20.txt")
                            .contentType("text/x-odd")
                            .cacheControl("no-store")
                            .metadata(Map.of("owner", "ann"))
                            .tagging("kind=odd"),
                    RequestBody.fromString("odd content")));
    TestBuckets.put(source, "large", random(11 * MEBIBYTE));
    putInParts(source, "parts", List.of(random(9 * MEBIBYTE), random(MEBIBYTE)));

    copy();

    assertThat(server.requests())
        .as("contents that were read or written")
        .noneMatch(request -> request.startsWith("GET ") && isOfObject(request));
    requireEqual(4);
    String key = "moved/odd name/ä+b?c%20.txt";
    HeadObjectResponse odd = target.head(key);
    assertThat(odd.contentType()).isEqualTo("text/x-odd");
    assertThat(odd.cacheControl()).isEqualTo("no-store");
    assertThat(odd.metadata()).containsEntry("owner", "ann");
    assertThat(target.tags(key)).containsExactly(Map.entry("kind", "odd"));
  }

  private static boolean isOfObject(String request) {
    return request.matches(".*/tenants/acme/.*") && !request.contains("tagging");
  }

  @Test
  void whatTheServerRefusesIsReadAndWritten() {
    put(10);
    TestBuckets.put(buckets.source(), "large", random(9 * MEBIBYTE));
    server.answers(
        request ->
            request.endsWith(" copies")
                ? new FaultyProxy.Answer(403, "AccessDenied", "The source may not be read.")
                : null);

    copy();

    assertThat(server.requests())
        .anyMatch(request -> request.startsWith("GET ") && isOfObject(request));
    requireEqual(11);
  }

  @Test
  void aCopyWithAnotherEtagIsNoProof() {
    put(3);
    AtomicBoolean isChanged = new AtomicBoolean();
    server.changesAnswers(
        (request, body) -> {
          String text = new String(body, StandardCharsets.UTF_8);
          if (!text.contains("CopyObjectResult")) {
            return body;
          }
          isChanged.set(true);
          return text.replaceAll("[0-9a-f]{32}", "0".repeat(32)).getBytes(StandardCharsets.UTF_8);
        });

    copy();

    assertThat(isChanged).isTrue();
    assertThat(server.requests())
        .anyMatch(request -> request.startsWith("GET ") && isOfObject(request));
    requireEqual(3);
  }

  @Test
  void anObjectThatChangesMeanwhileIsNotCopied() {
    put(1);
    server.answers(
        request ->
            request.endsWith(" copies")
                ? new FaultyProxy.Answer(412, "PreconditionFailed", "Another ETag.")
                : null);

    assertThatThrownBy(this::copy)
        .isInstanceOfSatisfying(
            MigrationException.class,
            e -> assertThat(e.type()).isEqualTo(FailureType.SOURCE_CHANGED))
        .hasMessageContaining("object-0");
  }

  private void put(int objects) {
    for (int i = 0; i < objects; i++) {
      TestBuckets.put(buckets.source(), "object-" + i, "content of " + i);
    }
  }

  private void copy() {
    new ObjectCopier(TestBuckets.STORES, TestBuckets.journal())
        .copy(context, ProgressMonitor.unmonitored());
  }

  private void requireEqual(int objects) {
    Finding finding =
        new ObjectContentComparison(TestBuckets.STORES, TestBuckets.journal())
            .compare(context, ProgressMonitor.unmonitored());
    assertThat(finding.namedMismatches()).isEmpty();
    assertThat(finding.comparedCount()).isEqualTo(objects);
  }

  private static byte[] random(int size) {
    byte[] bytes = new byte[size];
    new Random(size).nextBytes(bytes);
    return bytes;
  }

  private static void putInParts(ObjectStore store, String name, List<byte[]> parts) {
    String key = store.prefix() + name;
    String upload =
        store
            .call("begin", s3 -> s3.createMultipartUpload(c -> c.bucket(store.bucket()).key(key)))
            .uploadId();
    List<CompletedPart> written =
        IntStream.rangeClosed(1, parts.size())
            .mapToObj(
                number ->
                    CompletedPart.builder()
                        .partNumber(number)
                        .eTag(
                            store
                                .call(
                                    "part",
                                    s3 ->
                                        s3.uploadPart(
                                            put ->
                                                put.bucket(store.bucket())
                                                    .key(key)
                                                    .uploadId(upload)
                                                    .partNumber(number),
                                            RequestBody.fromBytes(parts.get(number - 1))))
                                .eTag())
                        .build())
            .toList();
    var unused =
        store.call(
            "complete",
            s3 ->
                s3.completeMultipartUpload(
                    c ->
                        c.bucket(store.bucket())
                            .key(key)
                            .uploadId(upload)
                            .multipartUpload(all -> all.parts(written))));
  }
}

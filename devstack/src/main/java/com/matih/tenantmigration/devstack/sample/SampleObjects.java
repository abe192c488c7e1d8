package com.matih.tenantmigration.devstack.sample;

import com.matih.tenantmigration.devstack.clusters.S3Clients;
import com.matih.tenantmigration.devstack.clusters.Side;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.CompletedPart;
import software.amazon.awssdk.services.s3.model.Tag;
import software.amazon.awssdk.services.s3.model.Tagging;

/** The tenants' objects in the shared bucket, one of them large and written in parts. */
public final class SampleObjects {

  /** The shared bucket. */
  public static final String BUCKET = "matih-shared-data";

  private static final int PART_BYTES = 5 << 20;
  private static final int THREADS = 16;

  private final Side shared;
  private final SampleSeed seed;

  public SampleObjects(Side shared, SampleSeed seed) {
    this.shared = shared;
    this.seed = seed;
  }

  /** Creates the bucket and writes all tenants' objects. */
  public void load() {
    try (S3Client s3 = S3Clients.of(shared)) {
      s3.createBucket(b -> b.bucket(BUCKET));
      List<Runnable> writes = new ArrayList<>();
      for (SampleTenant tenant : seed.size().tenants()) {
        SampleSize.Counts counts = seed.size().of(tenant);
        if (counts.bigObjectBytes() > 0) {
          writes.add(() -> writeInParts(s3, tenant, counts.bigObjectBytes()));
        }
        IntStream.rangeClosed(1, counts.objects())
            .mapToObj(number -> new SampleObject(tenant, number))
            .forEach(object -> writes.add(() -> write(s3, object)));
      }
      Concurrently.run(THREADS, writes);
    }
  }

  private void write(S3Client s3, SampleObject object) {
    s3.putObject(
        put ->
            put.bucket(BUCKET)
                .key(object.key())
                .contentType(object.mediaType())
                .metadata(object.userMetadata()),
        RequestBody.fromBytes(object.content(seed)));
    if (object.tagged()) {
      s3.putObjectTagging(
          put -> put.bucket(BUCKET).key(object.key()).tagging(tagging(object.tags())));
    }
  }

  private static Tagging tagging(Map<String, String> tags) {
    return Tagging.builder()
        .tagSet(
            tags.entrySet().stream()
                .sorted(Map.Entry.comparingByKey())
                .map(tag -> Tag.builder().key(tag.getKey()).value(tag.getValue()).build())
                .toList())
        .build();
  }

  private void writeInParts(S3Client s3, SampleTenant tenant, int bytes) {
    String key = tenant.objectPrefix() + "exports/everything.bin";
    String upload =
        s3.createMultipartUpload(
                create ->
                    create
                        .bucket(BUCKET)
                        .key(key)
                        .contentType("application/octet-stream")
                        .metadata(Map.of("kind", "export")))
            .uploadId();
    SplittableRandom random = seed.random(tenant, "export", 0);
    List<CompletedPart> parts = new ArrayList<>();
    for (int from = 0; from < bytes; from += PART_BYTES) {
      byte[] content = new byte[Math.min(PART_BYTES, bytes - from)];
      random.nextBytes(content);
      int number = parts.size() + 1;
      String etag =
          s3.uploadPart(
                  part -> part.bucket(BUCKET).key(key).uploadId(upload).partNumber(number),
                  RequestBody.fromBytes(content))
              .eTag();
      parts.add(CompletedPart.builder().partNumber(number).eTag(etag).build());
    }
    s3.completeMultipartUpload(
        complete ->
            complete
                .bucket(BUCKET)
                .key(key)
                .uploadId(upload)
                .multipartUpload(multipart -> multipart.parts(parts)));
  }
}

package com.matih.tenantmigration.benchmarks.objects;

import com.matih.tenantmigration.benchmarks.measure.ResultTables.Absence;
import com.matih.tenantmigration.benchmarks.stores.StoreBench;
import com.matih.tenantmigration.benchmarks.stores.StoreServers;
import com.matih.tenantmigration.benchmarks.stores.StoreSizes;
import com.matih.tenantmigration.embedded.S3Server;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.core.checksums.RequestChecksumCalculation;
import software.amazon.awssdk.core.checksums.ResponseChecksumValidation;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.http.apache5.Apache5HttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.Bucket;
import software.amazon.awssdk.services.s3.model.S3Object;

/** Objects of one size with a content type and metadata, below the tenant's prefix. */
public final class ObjectsBench implements StoreBench {

  static final String REGION = "us-east-1";
  static final String SHARED_BUCKET = "shared-data";
  static final String PREFIX = "tenants/acme/";

  /** How many requests each contender has under way. */
  static final int CONCURRENCY = 32;

  private final StoreServers servers;
  private final StoreSizes sizes;
  private final S3Client shared;
  private final S3Client dedicated;

  public ObjectsBench(StoreServers servers, StoreSizes sizes) {
    this.servers = servers;
    this.sizes = sizes;
    this.shared = client(servers.shared(S3Server.class));
    this.dedicated = client(servers.dedicated(S3Server.class));
  }

  private static S3Client client(S3Server server) {
    return S3Client.builder()
        .region(Region.of(REGION))
        .endpointOverride(URI.create(server.endpoint()))
        .credentialsProvider(
            StaticCredentialsProvider.create(
                AwsBasicCredentials.create(server.accessKey(), server.secretKey())))
        .httpClientBuilder(Apache5HttpClient.builder().maxConnections(CONCURRENCY))
        .requestChecksumCalculation(RequestChecksumCalculation.WHEN_REQUIRED)
        .responseChecksumValidation(ResponseChecksumValidation.WHEN_REQUIRED)
        .serviceConfiguration(
            settings -> settings.pathStyleAccessEnabled(true).chunkedEncodingEnabled(false))
        .build();
  }

  @Override
  public String unit() {
    return "objects";
  }

  @Override
  public long amount() {
    return sizes.objects();
  }

  @Override
  public Map<String, Object> parameters() {
    return Map.of(
        "objects",
        sizes.objects(),
        "objectBytes",
        sizes.objectBytes(),
        "concurrency",
        CONCURRENCY,
        "rounds",
        sizes.rounds());
  }

  @Override
  public void seed() throws InterruptedException {
    shared.createBucket(request -> request.bucket(SHARED_BUCKET));
    Random random = new Random(1);
    byte[] content = new byte[sizes.objectBytes()];
    for (int i = 0; i < sizes.objects(); i++) {
      random.nextBytes(content);
      String key = "%sfolder-%d/object-%d".formatted(PREFIX, i % 10, i);
      String number = String.valueOf(i);
      shared.putObject(
          request ->
              request
                  .bucket(SHARED_BUCKET)
                  .key(key)
                  .contentType("application/octet-stream")
                  .metadata(Map.of("number", number)),
          RequestBody.fromBytes(content));
    }
  }

  @Override
  public List<Contender> contenders() {
    List<Contender> contenders = new ArrayList<>();
    contenders.add(new ObjectEngines(servers));
    contenders.add(new GetAndPut(shared, dedicated));
    rclone().ifPresent(contenders::add);
    return contenders;
  }

  private Optional<Contender> rclone() {
    return Rclone.find(
        servers.shared(S3Server.class),
        servers.dedicated(S3Server.class),
        dedicated,
        servers.logs().resolve("rclone.log"));
  }

  @Override
  public List<Absence> absent() {
    return rclone().isPresent() ? List.of() : List.of(new Absence(Rclone.NAME, "not installed"));
  }

  @Override
  public long arrived(String target) {
    return dedicated.listObjectsV2Paginator(request -> request.bucket(target)).contents().stream()
        .filter(object -> object.size() == sizes.objectBytes())
        .count();
  }

  @Override
  public void clear() {
    for (Bucket bucket : dedicated.listBuckets().buckets()) {
      for (S3Object object :
          dedicated.listObjectsV2Paginator(request -> request.bucket(bucket.name())).contents()) {
        dedicated.deleteObject(request -> request.bucket(bucket.name()).key(object.key()));
      }
      dedicated.deleteBucket(request -> request.bucket(bucket.name()));
    }
  }

  @Override
  public void close() {
    shared.close();
    dedicated.close();
  }
}

package com.matih.tenantmigration.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import com.matih.tenantmigration.embedded.testing.TestServers;
import java.net.URI;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Client;

class S3ServerIT {

  private static final String KEY = "tenants/acme/Grüße +1.txt";

  private final S3Server server = TestServers.s3();

  @Test
  void anObjectIsReadBackUnderItsKey() {
    try (S3Client s3 = client()) {
      s3.createBucket(request -> request.bucket("round-trip"));
      s3.putObject(
          request -> request.bucket("round-trip").key(KEY), RequestBody.fromString("hello"));

      assertThat(
              s3.getObjectAsBytes(request -> request.bucket("round-trip").key(KEY)).asUtf8String())
          .isEqualTo("hello");
      assertThat(s3.listObjectsV2(request -> request.bucket("round-trip")).contents())
          .singleElement()
          .satisfies(object -> assertThat(object.key()).isEqualTo(KEY));
    }
  }

  private S3Client client() {
    return S3Client.builder()
        .endpointOverride(URI.create(server.endpoint()))
        .region(Region.US_EAST_1)
        .forcePathStyle(true)
        .credentialsProvider(
            StaticCredentialsProvider.create(
                AwsBasicCredentials.create(server.accessKey(), server.secretKey())))
        .build();
  }
}

package com.matih.tenantmigration.embedded.workload.objects;

import com.matih.tenantmigration.embedded.S3Server;
import java.net.URI;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.core.checksums.RequestChecksumCalculation;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Client;

/**
 * A prefix in a bucket.
 *
 * @param prefix empty, or ending in a delimiter
 */
public record ObjectPlace(S3Server server, String bucket, String prefix) {

  /** A client of the server; the caller closes it. */
  S3Client connect() {
    return S3Client.builder()
        .endpointOverride(URI.create(server.endpoint()))
        .region(Region.US_EAST_1)
        .requestChecksumCalculation(RequestChecksumCalculation.WHEN_REQUIRED)
        .serviceConfiguration(
            settings -> settings.pathStyleAccessEnabled(true).chunkedEncodingEnabled(false))
        .credentialsProvider(
            StaticCredentialsProvider.create(
                AwsBasicCredentials.create(server.accessKey(), server.secretKey())))
        .build();
  }
}

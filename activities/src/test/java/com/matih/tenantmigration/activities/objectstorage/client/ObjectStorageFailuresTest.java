package com.matih.tenantmigration.activities.objectstorage.client;

import static org.assertj.core.api.Assertions.assertThat;

import com.matih.tenantmigration.workflow.FailureType;
import com.matih.tenantmigration.workflow.MigrationException;
import java.net.ConnectException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import software.amazon.awssdk.awscore.exception.AwsErrorDetails;
import software.amazon.awssdk.core.exception.AbortedException;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.http.SdkHttpResponse;
import software.amazon.awssdk.services.s3.model.S3Exception;

final class ObjectStorageFailuresTest {

  @ParameterizedTest
  @CsvSource({
    "403, InvalidAccessKeyId, PERMISSION_DENIED",
    "403, SignatureDoesNotMatch, PERMISSION_DENIED",
    "403, AccessDenied, PERMISSION_DENIED",
    "400, ExpiredToken, PERMISSION_DENIED",
    "403, , PERMISSION_DENIED",
    "403, InvalidObjectState, NOT_MOVABLE",
    "409, ObjectParentIsFile, NOT_MOVABLE",
    "409, ExistingObjectIsDirectory, NOT_MOVABLE",
    "404, NoSuchBucket, BAD_REQUEST",
    "301, PermanentRedirect, BAD_REQUEST",
    "400, InvalidRequest, BAD_REQUEST",
    "501, NotImplemented, BAD_REQUEST",
    "400, RequestTimeout, STORE_ERROR",
    "429, , STORE_ERROR",
    "500, InternalError, STORE_ERROR",
    "503, SlowDown, STORE_ERROR",
  })
  void whatTheServerAnswersTellsWhetherToTryAgain(int status, String code, FailureType type) {
    MigrationException failure = translate(answered(status, code));

    assertThat(failure.type()).isEqualTo(type);
    assertThat(failure).hasMessageStartingWith("Could not read s3://b/k: ");
  }

  @Test
  void aServerThatIsNotThereIsUnreachable() {
    MigrationException failure =
        translate(
            SdkClientException.create(
                "Unable to execute HTTP request", new ConnectException("refused")));

    assertThat(failure.type()).isEqualTo(FailureType.STORE_UNREACHABLE);
  }

  @Test
  void anInterruptedRequestIsTakenUpByAnotherWorker() {
    assertThat(translate(AbortedException.create("stopped")).type())
        .isEqualTo(FailureType.WORKER_STOPPING);
  }

  @Test
  void theRegionThatABucketIsInIsNamed() {
    S3Exception elsewhere = answered(301, "PermanentRedirect");
    AwsErrorDetails withRegion =
        elsewhere.awsErrorDetails().toBuilder()
            .sdkHttpResponse(
                SdkHttpResponse.builder().putHeader("x-amz-bucket-region", "eu-west-1").build())
            .build();

    assertThat(translate(elsewhere)).hasMessageContaining("The bucket is in another region");
    assertThat(translate((S3Exception) elsewhere.toBuilder().awsErrorDetails(withRegion).build()))
        .hasMessageEndingWith("The bucket is in region eu-west-1; name that one.");
  }

  @Test
  void theServersTextGoesNoFurther() {
    MigrationException failure = translate(answered(403, "SignatureDoesNotMatch"));

    assertThat(failure.getMessage()).doesNotContain("AKIDEXAMPLE");
  }

  private static MigrationException translate(SdkException e) {
    return ObjectStorageFailures.translate("read s3://b/k", e);
  }

  private static S3Exception answered(int status, String code) {
    AwsErrorDetails details =
        AwsErrorDetails.builder()
            .errorCode(code)
            .errorMessage("The key id AKIDEXAMPLE you provided …")
            .build();
    return (S3Exception) S3Exception.builder().statusCode(status).awsErrorDetails(details).build();
  }
}

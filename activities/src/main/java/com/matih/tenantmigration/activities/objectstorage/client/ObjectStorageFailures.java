package com.matih.tenantmigration.activities.objectstorage.client;

import com.matih.tenantmigration.activities.secrets.TlsProblem;
import com.matih.tenantmigration.workflow.FailureType;
import com.matih.tenantmigration.workflow.MigrationException;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import software.amazon.awssdk.awscore.exception.AwsErrorDetails;
import software.amazon.awssdk.core.exception.AbortedException;
import software.amazon.awssdk.core.exception.ApiCallAttemptTimeoutException;
import software.amazon.awssdk.core.exception.ApiCallTimeoutException;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.s3.model.S3Exception;

/**
 * Turns what the S3 client throws into what an operator can read. The server's own text stays in
 * the worker's log: it may quote a key id or a signed string.
 */
public final class ObjectStorageFailures {

  private static final Set<String> WRONG_REGION =
      Set.of(
          "PermanentRedirect",
          "TemporaryRedirect",
          "AuthorizationHeaderMalformed",
          "IllegalLocationConstraintException",
          "InvalidLocationConstraint",
          "InvalidRegionName");

  private static final Set<String> WRONG_CREDENTIALS =
      Set.of(
          "InvalidAccessKeyId", "InvalidSecurity", "InvalidToken", "ExpiredToken", "AuthFailure");

  /** By what is attempted; the first that fits. */
  private static final List<Map.Entry<String, String>> RIGHTS =
      List.of(
          Map.entry("look into", "s3:ListBucket"),
          Map.entry("list the uploads", "s3:ListBucketMultipartUploads"),
          Map.entry("list s3:", "s3:ListBucket"),
          Map.entry("read the tags of s3:", "s3:GetObjectTagging"),
          Map.entry("read the metadata of s3:", "s3:GetObject"),
          Map.entry("read s3:", "s3:GetObject"),
          Map.entry("write the tags of s3:", "s3:PutObjectTagging"),
          Map.entry("write s3:", "s3:PutObject"),
          Map.entry("begin an upload", "s3:PutObject"),
          Map.entry("complete the upload", "s3:PutObject"),
          Map.entry("abort an upload", "s3:AbortMultipartUpload"),
          Map.entry("create bucket", "s3:CreateBucket"),
          Map.entry("delete bucket", "s3:DeleteBucket"));

  private ObjectStorageFailures() {}

  /**
   * The failure that a client's exception means.
   *
   * @param attempted what was attempted on what, such as "read s3://bucket/key"
   */
  public static MigrationException translate(String attempted, SdkException e) {
    if (e instanceof S3Exception answered) {
      return answered(attempted, answered);
    }
    if (e instanceof AbortedException) {
      return failure(FailureType.WORKER_STOPPING, attempted, "was interrupted", "", e);
    }
    if (e instanceof ApiCallTimeoutException || e instanceof ApiCallAttemptTimeoutException) {
      return failure(
          FailureType.STORE_UNREACHABLE,
          attempted,
          "the server did not answer in time",
          "Check the endpoint and that the server is running.",
          e);
    }
    Optional<TlsProblem> tls = TlsProblem.of(e, "caFile beside the endpoint");
    if (tls.isPresent()) {
      return failure(
          FailureType.BAD_REQUEST,
          attempted,
          "at the endpoint, %s".formatted(tls.get().why()),
          tls.get().remedy(),
          e);
    }
    if (hasCause(e, IOException.class)) {
      return failure(
          FailureType.STORE_UNREACHABLE,
          attempted,
          "the server cannot be reached or broke the connection",
          "Check the endpoint, that the server is running, and whether it expects http or https.",
          e);
    }
    if (e instanceof SdkClientException && String.valueOf(e.getMessage()).contains("credentials")) {
      return failure(
          FailureType.PERMISSION_DENIED,
          attempted,
          "there are no usable credentials",
          "Name accessKey and secretKey in the request, or give the worker a role.",
          e);
    }
    return failure(
        FailureType.STORE_ERROR,
        attempted,
        "the client failed (%s)".formatted(e.getClass().getSimpleName()),
        "The worker's log has the details.",
        e);
  }

  private static MigrationException answered(String attempted, S3Exception e) {
    String code = code(e);
    int status = e.statusCode();
    String answer =
        "the server answered %d%s".formatted(status, code.isEmpty() ? "" : " (" + code + ")");
    if (status == 301 || status == 307 || WRONG_REGION.contains(code)) {
      return failure(FailureType.BAD_REQUEST, attempted, answer, elsewhere(e), e);
    }
    if (WRONG_CREDENTIALS.contains(code)) {
      return failure(
          FailureType.PERMISSION_DENIED,
          attempted,
          "the server refused the credentials (%s)".formatted(code),
          "Check the access key and the secret key that the request refers to.",
          e);
    }
    if (code.equals("SignatureDoesNotMatch")) {
      return failure(
          FailureType.PERMISSION_DENIED,
          attempted,
          "the server computed another signature (SignatureDoesNotMatch)",
          "Check the secret key that the request refers to, and that no proxy before the server"
              + " changes headers.",
          e);
    }
    FailureType type =
        S3Errors.saysArrivedDamaged(e) ? FailureType.STORE_ERROR : S3Errors.typeOf(status, code);
    return failure(type, attempted, why(code, answer), remedy(type, code, attempted), e);
  }

  private static String elsewhere(S3Exception e) {
    return Optional.ofNullable(e.awsErrorDetails())
        .map(AwsErrorDetails::sdkHttpResponse)
        .flatMap(answer -> answer.firstMatchingHeader("x-amz-bucket-region"))
        .map("The bucket is in region %s; name that one."::formatted)
        .orElse("The bucket is in another region or behind another endpoint; name that one.");
  }

  private static String why(String code, String answer) {
    return switch (code) {
      case "InvalidObjectState" -> "the object is archived";
      case "NoSuchBucket" -> "the bucket does not exist";
      default -> answer;
    };
  }

  private static String remedy(FailureType type, String code, String attempted) {
    if (code.equals("InvalidObjectState")) {
      return "Copy it to a storage class that can be read immediately.";
    }
    if (code.equals("NoSuchBucket")) {
      return "Check the bucket's name and the endpoint.";
    }
    return switch (type) {
      case STORE_ERROR -> "It is retried; see the server's log.";
      case STORE_BLOCKED -> "Make room or raise the quota there, and start the migration again.";
      case PERMISSION_DENIED ->
          "Grant the access key the right to do this%s, or name another one."
              .formatted(right(attempted));
      case NOT_MOVABLE ->
          "The server does not accept this object. Change it, or move it out of the prefix.";
      default -> "The server does not accept this request. See its log and the worker's log.";
    };
  }

  /** The right as policies name it, where it is known. */
  private static String right(String attempted) {
    return RIGHTS.stream()
        .filter(each -> attempted.startsWith(each.getKey()))
        .findFirst()
        .map(each -> " (%s)".formatted(each.getValue()))
        .orElse("");
  }

  /** The server's error code; empty where the answer had no body, as for HEAD. */
  private static String code(S3Exception e) {
    AwsErrorDetails details = e.awsErrorDetails();
    return details == null || details.errorCode() == null ? "" : details.errorCode();
  }

  public static boolean hasCode(S3Exception e, String code) {
    return code.equals(code(e));
  }

  /** Whether the server does not offer what was asked for, so that asking again is idle. */
  public static boolean isNotImplemented(S3Exception e) {
    return e.statusCode() == 501 || e.statusCode() == 405 || hasCode(e, "NotImplemented");
  }

  /** Whether the key lacks the right to what was asked for. */
  public static boolean isDenied(S3Exception e) {
    return e.statusCode() == 401 || e.statusCode() == 403;
  }

  private static boolean hasCause(Throwable e, Class<? extends Throwable> type) {
    for (Throwable cause = e.getCause(); cause != null; cause = cause.getCause()) {
      if (type.isInstance(cause)) {
        return true;
      }
    }
    return false;
  }

  private static MigrationException failure(
      FailureType type, String attempted, String why, String remedy, SdkException e) {
    String sentence = "Could not %s: %s.".formatted(attempted, why);
    return new MigrationException(type, remedy.isEmpty() ? sentence : sentence + " " + remedy, e);
  }
}

package com.matih.tenantmigration.activities.objectstorage.client;

import static com.matih.tenantmigration.workflow.FailureType.BAD_REQUEST;
import static com.matih.tenantmigration.workflow.FailureType.NOT_MOVABLE;
import static com.matih.tenantmigration.workflow.FailureType.PERMISSION_DENIED;
import static com.matih.tenantmigration.workflow.FailureType.STORE_BLOCKED;
import static com.matih.tenantmigration.workflow.FailureType.STORE_ERROR;

import com.matih.tenantmigration.workflow.FailureType;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import software.amazon.awssdk.awscore.exception.AwsErrorDetails;
import software.amazon.awssdk.services.s3.model.S3Exception;

/**
 * What each error code of S3 means: whether the same request may succeed when it is tried again,
 * and which failure it is. Codes of other servers that speak S3 are among them.
 *
 * <p>A code that is not listed, or an answer without one, as to HEAD, is decided by its status.
 */
final class S3Errors {

  static final Map<String, FailureType> CODES = new HashMap<>();

  static {
    // the server, its pace, or what another writer does at the moment
    decide(
        STORE_ERROR,
        """
        InternalError ServiceUnavailable SlowDown Busy Throttling ThrottlingException RequestThrottled
        RequestLimitExceeded TooManyRequestsException BandwidthLimitExceeded RequestTimeout
        RequestTimeoutException OperationAborted ConditionalRequestConflict IncompleteBody BadDigest
        NoSuchUpload InvalidPart InvalidPartOrder TokenRefreshRequired ReplicationInProgress ResponseInterrupted
        ServerBusy XAmzContentSHA256Mismatch XMinioServerNotInitialized XMinioReadQuorum XMinioWriteQuorum
        """);
    decide(
        STORE_BLOCKED,
        """
        QuotaExceeded XMinioStorageFull XMinioAdminBucketQuotaExceeded InsufficientCapacity
        InsufficientStorage EntityLimitExceeded TooManyBuckets
        """);
    decide(
        PERMISSION_DENIED,
        """
        AccessDenied AccessForbidden AccountProblem AllAccessDisabled AuthFailure ExpiredToken
        InvalidAccessKeyId InvalidSecurity InvalidToken InvalidPayer MissingSecurityHeader
        NotSignedUp RequestTimeTooSkewed SignatureDoesNotMatch UnauthorizedAccess
        UnauthorizedAccessError CrossLocationLoggingProhibited NotDeviceOwnerError
        KMS.DisabledException KMS.InvalidStateException KMS.NotFoundException
        KMS.InvalidKeyUsageException InvalidObjectLockConfiguration MethodNotAllowed
        """);
    decide(
        NOT_MOVABLE,
        """
        InvalidObjectState EntityTooLarge EntityTooSmall KeyTooLongError KeyTooLong MetadataTooLarge
        MaxMessageLengthExceeded InvalidTag InvalidEncryptionAlgorithmError InvalidStorageClass
        XMinioInvalidObjectName XMinioParentIsObject ObjectParentIsFile ExistingObjectIsDirectory
        DirectoryObjectContainsData
        """);
    decide(
        BAD_REQUEST,
        """
        AmbiguousGrantByEmailAddress AuthorizationHeaderMalformed AuthorizationQueryParametersError
        BucketAlreadyExists BucketAlreadyOwnedByYou BucketNotEmpty CredentialsNotSupported
        ClientTokenConflict DeviceNotActiveError EndpointNotFound ExpiredObjectDeleteMarker
        IllegalLocationConstraintException IllegalVersioningConfigurationException
        IncorrectNumberOfFilesInPostRequest InlineDataTooLarge InvalidAddressingHeader
        InvalidArgument InvalidBucketName InvalidBucketOwnerAWSAccountID InvalidBucketState
        InvalidDigest InvalidHostHeader InvalidHttpMethod InvalidLocationConstraint
        InvalidPolicyDocument InvalidRange InvalidRegion InvalidRegionName InvalidRequest
        InvalidSessionException InvalidSignature InvalidSOAPRequest InvalidTargetBucketForLogging
        InvalidURI MalformedACLError MalformedPOSTRequest MalformedPolicy MalformedXML
        MaxPostPreDataLengthExceededError MissingAttachment MissingAuthenticationToken
        MissingContentLength MissingRequestBodyError MissingSecurityElement
        NoLoggingStatusForKey NoSuchAccessPoint NoSuchAsyncRequest NoSuchBucket NoSuchBucketPolicy
        NoSuchCORSConfiguration NoSuchKey NoSuchLifecycleConfiguration NoSuchMultiRegionAccessPoint
        NoSuchObjectLockConfiguration NoSuchTagSet NoSuchTagSetError NoSuchVersion
        NoSuchWebsiteConfiguration NotImplemented NotModified NoTransformationDefined
        ObjectLockConfigurationNotFoundError OwnershipControlsNotFoundError PermanentRedirect
        PreconditionFailed Redirect RequestHeaderSectionTooLarge RequestIsNotMultiPartContent
        RequestTorrentOfBucketError RestoreAlreadyInProgress
        ServerSideEncryptionConfigurationNotFoundError TemporaryRedirect
        TooManyAccessPoints TooManyMultiRegionAccessPointregionsError UnexpectedContent
        UnsupportedArgument UnsupportedSignature UserKeyMustBeSpecified
        """);
  }

  /** The codes with which servers ask for fewer requests. */
  private static final Set<String> OF_PACE =
      Set.of(
          "SlowDown",
          "Busy",
          "ServerBusy",
          "ServiceUnavailable",
          "Throttling",
          "ThrottlingException",
          "RequestThrottled",
          "RequestLimitExceeded",
          "TooManyRequestsException",
          "BandwidthLimitExceeded");

  /** The codes with which servers refuse content that is not what its digests say. */
  private static final Set<String> DAMAGED =
      Set.of("BadDigest", "IncompleteBody", "XAmzContentSHA256Mismatch");

  private S3Errors() {}

  /** Whether a server asks for fewer requests; an answer to HEAD has a status and no code. */
  static boolean saysToSlowDown(RuntimeException failure) {
    if (!(failure instanceof S3Exception answered)) {
      return false;
    }
    AwsErrorDetails details = answered.awsErrorDetails();
    String code = details == null || details.errorCode() == null ? "" : details.errorCode();
    return OF_PACE.contains(code)
        || answered.statusCode() == 429
        || (answered.statusCode() == 503 && code.isEmpty());
  }

  /** Whether the server has refused content because it was damaged on the way to it. */
  static boolean saysArrivedDamaged(Throwable failure) {
    if (!(failure instanceof S3Exception answered) || answered.awsErrorDetails() == null) {
      return false;
    }
    String code = String.valueOf(answered.awsErrorDetails().errorCode());
    String message = String.valueOf(answered.awsErrorDetails().errorMessage());
    return DAMAGED.contains(code)
        // servers that have no code of their own for it
        || (code.equals("BadRequest") && message.startsWith("Content-MD5 does not match"));
  }

  private static void decide(FailureType type, String codes) {
    Pattern.compile("\\s+")
        .splitAsStream(codes.strip())
        .forEach(
            code -> {
              if (CODES.put(code, type) != null) {
                throw new IllegalStateException(code + " is decided twice");
              }
            });
  }

  /**
   * The failure.
   *
   * @param code empty where the answer has none
   */
  static FailureType typeOf(int status, String code) {
    FailureType ofCode = CODES.get(code);
    if (ofCode != null) {
      return ofCode;
    }
    return switch (status) {
      case 401, 403, 407 -> PERMISSION_DENIED;
      case 408, 409, 425, 429 -> STORE_ERROR;
      case 507 -> STORE_BLOCKED;
      case 501, 505 -> BAD_REQUEST;
      default -> status >= 500 ? STORE_ERROR : BAD_REQUEST;
    };
  }
}

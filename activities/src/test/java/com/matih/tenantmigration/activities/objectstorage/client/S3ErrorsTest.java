package com.matih.tenantmigration.activities.objectstorage.client;

import static org.assertj.core.api.Assertions.assertThat;

import com.matih.tenantmigration.workflow.FailureType;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class S3ErrorsTest {

  @Test
  void everyCodeOfTheReferenceHasADecision() throws IOException {
    assertThat(S3Errors.CODES.keySet()).containsAll(reference());
    assertThat(reference()).hasSizeGreaterThan(80);
  }

  @Test
  void onlyTheServersOwnTroubleIsTriedAgain() throws IOException {
    assertThat(reference().stream().filter(code -> S3Errors.typeOf(400, code).retryable()).sorted())
        .containsExactly(
            "BadDigest",
            "Busy",
            "ConditionalRequestConflict",
            "IncompleteBody",
            "InternalError",
            "InvalidPart",
            "InvalidPartOrder",
            "NoSuchUpload",
            "OperationAborted",
            "RequestTimeout",
            "ResponseInterrupted",
            "ServiceUnavailable",
            "SlowDown",
            "TokenRefreshRequired");
  }

  @ParameterizedTest
  @CsvSource({
    "403, QuotaExceeded, STORE_BLOCKED",
    "507, XMinioStorageFull, STORE_BLOCKED",
    "507, , STORE_BLOCKED",
    "403, AccessDenied, PERMISSION_DENIED",
    "400, EntityTooLarge, NOT_MOVABLE",
    "400, SomethingNew, BAD_REQUEST",
    "503, SomethingNew, STORE_ERROR",
    "409, , STORE_ERROR",
  })
  void codeAndStatusSayWhetherItMayPass(int status, String code, FailureType type) {
    assertThat(S3Errors.typeOf(status, code == null ? "" : code)).isEqualTo(type);
  }

  private static List<String> reference() throws IOException {
    try (InputStream list =
        S3ErrorsTest.class.getResourceAsStream("/objectstorage/s3-error-codes.txt")) {
      assertThat(list).isNotNull();
      return new String(list.readAllBytes(), StandardCharsets.UTF_8)
          .lines()
          .filter(line -> !line.startsWith("#"))
          .toList();
    }
  }
}

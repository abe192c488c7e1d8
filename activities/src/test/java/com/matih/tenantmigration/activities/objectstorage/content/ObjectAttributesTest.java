package com.matih.tenantmigration.activities.objectstorage.content;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import software.amazon.awssdk.services.s3.model.GetObjectResponse;

/** The same object as different servers answer it. */
final class ObjectAttributesTest {

  @Test
  void namesOfMetadataAreTheSameInUpperAndLowerCase() {
    assertSame(
        GetObjectResponse.builder().metadata(Map.of("Owner-Name", "Ada")).build(),
        GetObjectResponse.builder().metadata(Map.of("owner-name", "Ada")).build());
  }

  @Test
  void anObjectWithoutATypeHasThatOfBytes() {
    assertSame(
        GetObjectResponse.builder().build(),
        GetObjectResponse.builder().contentType("binary/octet-stream").build());
  }

  @Test
  void anEmptyHeaderIsNone() {
    assertSame(
        GetObjectResponse.builder()
            .contentEncoding("")
            .contentLanguage("")
            .contentDisposition(" ")
            .cacheControl("")
            .expiresString("")
            .build(),
        GetObjectResponse.builder().build());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {"aws-chunked|", "gzip,aws-chunked|gzip", "aws-chunked, br|br", "gzip|gzip"})
  void theFramingOfAnUploadIsNoEncodingOfTheObject(String stored, String encoding) {
    assertThat(of(GetObjectResponse.builder().contentEncoding(stored).build()).contentEncoding())
        .isEqualTo(encoding);
  }

  private static void assertSame(GetObjectResponse one, GetObjectResponse other) {
    assertThat(of(one)).isEqualTo(of(other));
    assertThat(of(one).differences(of(other))).isEmpty();
  }

  private static ObjectAttributes of(GetObjectResponse answer) {
    return ObjectAttributes.of("s3://b/k", answer);
  }
}

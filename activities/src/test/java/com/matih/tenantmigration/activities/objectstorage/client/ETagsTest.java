package com.matih.tenantmigration.activities.objectstorage.client;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.matih.tenantmigration.activities.engine.Digests;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

final class ETagsTest {

  private static final String MD5_OF_NOTHING = "d41d8cd98f00b204e9800998ecf8427e";

  @Test
  void aWholeObjectsETagIsItsMd5() {
    assertThat(ETags.ofWhole(Digests.md5().digest(new byte[0]))).isEqualTo(MD5_OF_NOTHING);
  }

  @Test
  void anObjectOfPartsHasTheMd5OfTheirMd5sAndTheirNumber() {
    String one = ETags.ofWhole(Digests.md5().digest("one".getBytes(UTF_8)));

    // md5(md5("one") || md5("")) as md5sum computes it
    assertThat(ETags.ofParts(List.of(one, MD5_OF_NOTHING)))
        .isEqualTo("8f631cd0ab959dd098392ed4b10a844d-2");
  }

  @Test
  void quotesAndCaseDoNotMatter() {
    assertThat(ETags.same("\"ABC\"", "abc")).isTrue();
    assertThat(ETags.same("\"abc\"", "abd")).isFalse();
  }

  @Test
  void theNumberOfPartsIsReadOnlyWhereThereIsOne() {
    assertThat(ETags.parts("\"" + MD5_OF_NOTHING + "-12\"")).hasValue(12);
    assertThat(ETags.parts("\"" + MD5_OF_NOTHING + "\"")).isEmpty();
    assertThat(ETags.parts("\"some-12\"")).isEmpty();
    assertThat(ETags.parts("")).isEmpty();
  }

  @Test
  void objectsWithoutAnETagLookLikeNoOther() {
    assertThat(object(1, "").looksLike(object(1, ""))).isFalse();
    assertThat(object(1, "\"a\"").looksLike(object(2, "\"a\""))).isFalse();
    assertThat(object(1, "\"a\"").looksLike(object(1, "\"a\""))).isTrue();
  }

  private static ObjectEntry object(long size, String etag) {
    return new ObjectEntry("k", "k", size, etag, Instant.EPOCH, "STANDARD");
  }
}

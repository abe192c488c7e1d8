package com.matih.tenantmigration.activities.objectstorage.content;

import static org.assertj.core.api.Assertions.assertThat;

import com.matih.tenantmigration.activities.objectstorage.client.ObjectEntry;
import java.time.Instant;
import org.junit.jupiter.api.Test;

final class PartLayoutTest {

  private static final long MEBIBYTE = 1024 * 1024;
  private static final String WHOLE = "\"0123456789abcdef0123456789abcdef\"";

  @Test
  void partsCoverTheObjectWithoutGapOrOverlap() {
    PartLayout layout = PartLayout.of(object(20 * MEBIBYTE + 7, WHOLE));

    assertThat(layout.parts()).isEqualTo(3);
    assertThat(layout.part(0).range()).isEqualTo("bytes=0-8388607");
    assertThat(layout.part(1).range()).isEqualTo("bytes=8388608-16777215");
    assertThat(layout.part(2).range()).isEqualTo("bytes=16777216-20971526");
    assertThat(layout.part(2).number()).isEqualTo(3);
  }

  @Test
  void thePartsOfTheSourceAreKeptWhereItsETagTellsThem() {
    assertThat(PartLayout.of(object(64 * MEBIBYTE, parts(4))).partSize())
        .isEqualTo((int) (16 * MEBIBYTE));
    assertThat(PartLayout.of(object(64 * MEBIBYTE, parts(8))).partSize())
        .isEqualTo((int) (8 * MEBIBYTE));
    assertThat(PartLayout.of(object(60 * MEBIBYTE, parts(12))).partSize())
        .isEqualTo((int) (5 * MEBIBYTE));
  }

  @Test
  void partsThatNobodyCanHoldInMemoryAreNotKept() {
    assertThat(PartLayout.of(object(1024 * MEBIBYTE, parts(2))).partSize())
        .isEqualTo((int) (8 * MEBIBYTE));
    assertThat(PartLayout.of(object(9 * MEBIBYTE, parts(9))).partSize())
        .isEqualTo((int) (8 * MEBIBYTE));
  }

  @Test
  void evenTheLargestObjectHasNoMoreThanTenThousandParts() {
    PartLayout layout = PartLayout.of(object(PartLayout.LARGEST_OBJECT, WHOLE));

    assertThat(layout.parts()).isEqualTo(PartLayout.MOST_PARTS);
    assertThat(layout.partSize()).isEqualTo(PartLayout.LARGEST_PART);
  }

  private static String parts(int count) {
    return "\"0123456789abcdef0123456789abcdef-" + count + "\"";
  }

  private static ObjectEntry object(long size, String etag) {
    return new ObjectEntry("k", "k", size, etag, Instant.EPOCH, "STANDARD");
  }
}

package com.matih.tenantmigration.activities.objectstorage.follow;

import static org.assertj.core.api.Assertions.assertThat;

import com.matih.tenantmigration.activities.objectstorage.client.KeyRange;
import com.matih.tenantmigration.activities.objectstorage.follow.RecordedObject.State;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class PackedChunkTest {

  @Test
  void aChunkIsReadAsItWasWritten() {
    RecordChunk chunk =
        new RecordChunk(
            7,
            new KeyRange("a", "z😀\u0001"),
            9,
            List.of(
                new RecordedObject("", 0, "", 0, "", State.UNSETTLED),
                new RecordedObject(
                    "b\n\u0002ü", 5L << 40, "\"etag-2\"", 17, "\"other\"", State.YOUNG),
                new RecordedObject(
                    "c", 1, "\"same\"", 1_700_000_000_123L, "\"same\"", State.SETTLED)));

    assertThat(PackedChunk.of(chunk).unpack(7)).isEqualTo(chunk);
    assertThat(PackedChunk.of(RecordChunk.empty()).unpack(RecordChunk.FIRST))
        .isEqualTo(RecordChunk.empty());
  }

  @Test
  void namesThatHaveMuchInCommonTakeLittleRoom() {
    List<RecordedObject> objects = new ArrayList<>();
    for (int i = 0; i < 500; i++) {
      String etag = "\"%032x\"".formatted(i * 0x9E3779B97F4A7C15L);
      objects.add(
          new RecordedObject(
              "documents/2026/11/29/invoice-%06d.pdf".formatted(i),
              i,
              etag,
              1_700_000_000_000L + i,
              etag,
              State.SETTLED));
    }
    RecordChunk chunk = new RecordChunk(0, KeyRange.ALL, RecordChunk.NONE, objects);

    assertThat(PackedChunk.of(chunk).packed().length() / objects.size()).isLessThan(60);
  }
}

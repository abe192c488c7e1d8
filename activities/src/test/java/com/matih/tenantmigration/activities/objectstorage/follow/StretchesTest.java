package com.matih.tenantmigration.activities.objectstorage.follow;

import static org.assertj.core.api.Assertions.assertThat;

import com.matih.tenantmigration.activities.objectstorage.client.KeyRange;
import com.matih.tenantmigration.activities.objectstorage.follow.ObjectRecord.Cut;
import com.matih.tenantmigration.activities.objectstorage.follow.ObjectRecord.Stretch;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class StretchesTest {

  @Test
  void withoutCutsAllNamesAreOneStretch() {
    assertThat(Stretches.of(List.of(), 8)).containsExactly(Stretch.ALL);
  }

  @Test
  void stretchesMeetAndCoverAllNames() {
    List<Cut> cuts =
        IntStream.range(0, 63).mapToObj(i -> new Cut(i + 1, "%02d".formatted(i))).toList();
    for (int concurrency = 1; concurrency < 40; concurrency++) {
      List<Stretch> stretches = Stretches.of(cuts, concurrency);

      assertThat(stretches).hasSize(Math.min(concurrency, 16));
      assertThat(stretches.get(0).names().after()).isNull();
      assertThat(stretches.get(stretches.size() - 1).names().upTo()).isNull();
      for (int i = 1; i < stretches.size(); i++) {
        assertThat(stretches.get(i).names().after()).isEqualTo(stretches.get(i - 1).names().upTo());
        assertThat(cuts)
            .contains(new Cut(stretches.get(i).firstChunk(), stretches.get(i - 1).names().upTo()));
      }
    }
  }

  @Test
  void asManyStretchesAsCutsAllowAreTaken() {
    assertThat(Stretches.of(List.of(new Cut(3, "m")), 8))
        .containsExactly(
            new Stretch(RecordChunk.FIRST, new KeyRange(null, "m")),
            new Stretch(3, new KeyRange("m", null)));
  }
}

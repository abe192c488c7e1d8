package com.matih.tenantmigration.activities.kafka.client;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.apache.kafka.common.Uuid;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ReplaySettingsTest {

  private static TopicFacts topic(Map<String, String> settings) {
    return new TopicFacts("events", Uuid.ZERO_UUID, 1, 1, settings, settings, Map.of());
  }

  /** One that the broker decompresses could exceed what the topic accepts. */
  @ParameterizedTest
  @CsvSource({"uncompressed, none", "gzip, gzip", "zstd, zstd", "producer, snappy"})
  void batchesAreCompressedAsTheTopicKeepsThem(String ofTopic, String ofProducer) {
    assertThat(
            ReplaySettings.compressionFor(
                topic(Map.of("compression.type", ofTopic)), () -> "snappy"))
        .isEqualTo(ofProducer);
  }

  @Test
  void segmentsTakeTheLargestBatchAndAreNotMadeSmaller() {
    assertThat(segmentBytes(Map.of("segment.bytes", "1048576")))
        .isGreaterThan(ClientSettings.LARGEST_REQUEST_BYTES);
    assertThat(segmentBytes(Map.of("segment.bytes", "2000000000"))).isEqualTo(2_000_000_000);
    assertThat(segmentBytes(Map.of())).isEqualTo(1024 * 1024 * 1024);
  }

  private static int segmentBytes(Map<String, String> real) {
    return Integer.parseInt(ReplaySettings.whileReplaying(real, "12ab").get("segment.bytes"));
  }
}

package com.matih.tenantmigration.activities.kafka.client;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.matih.tenantmigration.activities.kafka.client.TopicPositions.Position;
import com.matih.tenantmigration.controlplane.ControlPlaneJson;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.junit.jupiter.api.Test;

class TopicPositionsTest {

  private static final ObjectMapper JSON = ControlPlaneJson.mapper();

  @Test
  void metadataIsReadBackWithEveryCharacter() throws JsonProcessingException {
    OffsetAndMetadata committed = new OffsetAndMetadata(13, "\u0000 \uFFFD č \uD83D\uDC0C \"");

    String recorded = JSON.writeValueAsString(Position.of(committed));

    assertThat(JSON.readValue(recorded, Position.class).at(13)).isEqualTo(committed);
  }

  @Test
  void aPositionThatAnEarlierReleaseRecordedIsReadAsItIs() throws JsonProcessingException {
    Position earlier = JSON.readValue("{\"offset\":13,\"metadata\":\"bWV0YQ==\"}", Position.class);

    assertThat(earlier.at(7)).isEqualTo(new OffsetAndMetadata(7, "bWV0YQ=="));
  }
}

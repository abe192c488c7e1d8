package com.matih.tenantmigration.workflow.request;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.JsonDeserializer;
import java.io.IOException;

/** Whether the tenant works while its data is copied. */
public enum Mode {
  /** It writes until shortly before the cutover; its changes are captured and followed. */
  @JsonProperty("online")
  ONLINE,
  /** It is read-only before anything is read. */
  @JsonProperty("offline")
  OFFLINE;

  /**
   * Reads a mode. What was written before there were two, such as the arguments of an activity that
   * an earlier release began, has none and is offline.
   */
  static final class OfflineWhereAbsent extends JsonDeserializer<Mode> {

    @Override
    public Mode deserialize(JsonParser parser, DeserializationContext context) throws IOException {
      return context.readValue(parser, Mode.class);
    }

    @Override
    public Object getAbsentValue(DeserializationContext context) {
      return OFFLINE;
    }
  }
}

package com.matih.tenantmigration.controlplane;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;

/**
 * How the control plane and the command line write JSON: ISO-8601 times, unknown keys ignored, and
 * no text that PostgreSQL's jsonb refuses.
 */
public final class ControlPlaneJson {

  private static final ObjectMapper MAPPER =
      new ObjectMapper(
              JsonFactory.builder()
                  .addDecorator((factory, generator) -> new StorableText(generator))
                  .build())
          .registerModule(new JavaTimeModule())
          .disable(SerializationFeature.WRITE_DATES_AS_TIMESTAMPS)
          .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES);

  private ControlPlaneJson() {}

  /** A mapper of one's own. */
  public static ObjectMapper mapper() {
    return MAPPER.copy();
  }
}

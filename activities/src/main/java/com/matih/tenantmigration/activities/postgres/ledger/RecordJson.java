package com.matih.tenantmigration.activities.postgres.ledger;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.matih.tenantmigration.workflow.FailureType;
import com.matih.tenantmigration.workflow.MigrationException;

/** Writes and reads what the ledger and the snapshot hold as JSON. */
public final class RecordJson {

  private static final ObjectMapper MAPPER = new ObjectMapper();

  private RecordJson() {}

  public static String write(Object value) {
    try {
      return MAPPER.writerWithDefaultPrettyPrinter().writeValueAsString(value);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException("a record that is not JSON: " + value.getClass(), e);
    }
  }

  /**
   * Reads what {@link #write} wrote.
   *
   * @param from where the text stands, for the failure
   */
  public static <T> T read(String text, Class<T> type, String from) {
    try {
      return MAPPER.readValue(text, type);
    } catch (JsonProcessingException e) {
      throw new MigrationException(
          FailureType.CONTENT_MISMATCH,
          "%s cannot be read: it is damaged or has another version.".formatted(from),
          e);
    }
  }
}

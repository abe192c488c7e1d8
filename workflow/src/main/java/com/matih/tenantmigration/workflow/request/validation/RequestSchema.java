package com.matih.tenantmigration.workflow.request.validation;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Objects;

/**
 * The JSON Schema (2020-12) of a request, from which editors complete keys and mark mistakes.
 *
 * <p>It says less than {@link RequestReader}, which alone decides: a schema cannot compare source
 * and target, and a request that the reader accepts may only differ from it by empty keys.
 */
public final class RequestSchema {

  private static final String RESOURCE = "/tenant-migration-request.schema.json";

  private RequestSchema() {}

  /** The schema as JSON. */
  public static String json() {
    try (InputStream resource = RequestSchema.class.getResourceAsStream(RESOURCE)) {
      return new String(
          Objects.requireNonNull(resource, RESOURCE).readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read " + RESOURCE, e);
    }
  }
}

package com.matih.tenantmigration.starter.text;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.fasterxml.jackson.dataformat.yaml.YAMLGenerator;
import com.matih.tenantmigration.workflow.request.MigrationRequest;

/** A request as the YAML that it could have been read from; secrets are references in it. */
public final class RequestText {

  private static final ObjectMapper YAML =
      new ObjectMapper(
          YAMLFactory.builder()
              .disable(YAMLGenerator.Feature.WRITE_DOC_START_MARKER)
              .disable(YAMLGenerator.Feature.SPLIT_LINES)
              .enable(YAMLGenerator.Feature.MINIMIZE_QUOTES)
              .build());

  private RequestText() {}

  public static String of(MigrationRequest request) {
    try {
      return YAML.writeValueAsString(request);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a request that is not YAML", e);
    }
  }
}

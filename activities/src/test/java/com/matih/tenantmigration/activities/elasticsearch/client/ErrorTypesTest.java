package com.matih.tenantmigration.activities.elasticsearch.client;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.matih.tenantmigration.workflow.FailureType;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ErrorTypesTest {

  @Test
  void everyExceptionThatElasticsearchHasAnIdForHasOneDecision() throws IOException {
    List<Set<String>> decisions =
        List.of(ErrorTypes.PASSING, ErrorTypes.FINAL, ErrorTypes.BY_STATUS);

    assertThat(types())
        .hasSizeGreaterThan(150)
        .allSatisfy(
            type ->
                assertThat(decisions.stream().filter(each -> each.contains(type)))
                    .as(type)
                    .hasSize(1));
    assertThat(decisions.stream().flatMap(Set::stream)).hasSize(types().size());
  }

  @ParameterizedTest
  @CsvSource({
    "400, mapper_parsing_exception, NOT_MOVABLE",
    "400, document_parsing_exception, NOT_MOVABLE",
    "400, strict_dynamic_mapping_exception, NOT_MOVABLE",
    "413, , NOT_MOVABLE",
    "500, ingest_processor_exception, NOT_MOVABLE",
    "403, cluster_block_exception, STORE_BLOCKED",
    "429, cluster_block_exception, STORE_BLOCKED",
    "503, cluster_block_exception, STORE_ERROR",
    "429, es_rejected_execution_exception, STORE_ERROR",
    "429, circuit_breaking_exception, STORE_ERROR",
    "503, unavailable_shards_exception, STORE_ERROR",
    "404, search_context_missing_exception, STORE_ERROR",
    "404, index_not_found_exception, SOURCE_CHANGED",
    "404, , STORE_ERROR",
    "401, security_exception, PERMISSION_DENIED",
    "403, security_exception, PERMISSION_DENIED",
    "500, something_new, STORE_ERROR",
    "400, something_new, NOT_MOVABLE",
    "502, , STORE_ERROR",
  })
  void typeAndStatusSayWhetherItMayPass(int status, String type, FailureType failure) {
    assertThat(ErrorTypes.typeOf(status, type == null ? "" : type)).isEqualTo(failure);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '#',
      value = {
        "[1:8] failed to parse field [age] of type [integer] in document with id '1'. Preview of field's value: 'jane' # [age]",
        "Document contains at least one immense term in field=\"body\", all of which were skipped. The prefix of the first immense term is: '[jane]' # field=\"body\"",
      })
  void aDocumentsReasonNamesTheFieldAndNotItsValue(String reason, String named) {
    JsonNode error =
        Json.object()
            .put("type", "document_parsing_exception")
            .put("reason", reason)
            .set(
                "caused_by",
                Json.object()
                    .put("type", "number_format_exception")
                    .put("reason", "For input string: \"jane\""));

    assertThat(ElasticsearchFailures.describeDocument(error))
        .startsWith("document_parsing_exception: ")
        .contains(named)
        .doesNotContain("jane");
    assertThat(ElasticsearchFailures.describe(error)).doesNotContain("jane");
  }

  private static List<String> types() throws IOException {
    try (InputStream list =
        ErrorTypesTest.class.getResourceAsStream("/elasticsearch/error-types.txt")) {
      assertThat(list).isNotNull();
      try (Stream<String> lines = new String(list.readAllBytes(), StandardCharsets.UTF_8).lines()) {
        return lines.filter(line -> !line.startsWith("#")).toList();
      }
    }
  }
}

package com.matih.tenantmigration.devstack.demo;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/** The board and the alert rules that operators take, and what they ask of Prometheus. */
final class MonitoringFiles {

  static final Path FOLDER = Path.of("..", "monitoring");
  static final Path RULES = FOLDER.resolve("rules/tenant-migration.yml");

  private static final Path BOARD = FOLDER.resolve("grafana/dashboards/tenant-migration.json");

  /** A metric, with the labels that it is selected by. */
  private static final Pattern SELECTOR =
      Pattern.compile("\\b(?:up|(?:tenant_migration|temporal)_\\w+)\\b(?:\\{[^}]*})?");

  private MonitoringFiles() {}

  /** One query and where it stands. */
  record Query(String place, String expression) {}

  /** Every query of the board, Grafana's own variables replaced. */
  static List<Query> boardQueries() {
    List<Query> queries = new ArrayList<>();
    for (JsonNode panel : read(new ObjectMapper(), BOARD).path("panels")) {
      for (JsonNode target : panel.path("targets")) {
        String expression =
            target
                .path("expr")
                .asText()
                .replace("$__rate_interval", "15s")
                .replace("$__range", "10m");
        queries.add(new Query(panel.path("title").asText(), expression));
      }
    }
    return queries;
  }

  /** Every metric that an alert looks at, as it is selected there. */
  static List<Query> alertSelectors() {
    List<Query> queries = new ArrayList<>();
    for (JsonNode group : read(new ObjectMapper(new YAMLFactory()), RULES).path("groups")) {
      for (JsonNode rule : group.path("rules")) {
        SELECTOR
            .matcher(rule.path("expr").asText())
            .results()
            .map(MatchResult::group)
            .forEach(selector -> queries.add(new Query(rule.path("alert").asText(), selector)));
      }
    }
    return queries;
  }

  /** Each alert's {@code runbook_url}, by the alert's name; empty where a rule has none. */
  static Map<String, String> runbooks() {
    Map<String, String> runbooks = new LinkedHashMap<>();
    for (JsonNode group : read(new ObjectMapper(new YAMLFactory()), RULES).path("groups")) {
      for (JsonNode rule : group.path("rules")) {
        runbooks.put(
            rule.path("alert").asText(), rule.path("annotations").path("runbook_url").asText());
      }
    }
    return runbooks;
  }

  private static JsonNode read(ObjectMapper mapper, Path file) {
    try {
      return mapper.readTree(file.toFile());
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read " + file, e);
    }
  }
}

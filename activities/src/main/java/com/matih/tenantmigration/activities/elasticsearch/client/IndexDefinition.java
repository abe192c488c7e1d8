package com.matih.tenantmigration.activities.elasticsearch.client;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * One index as its cluster describes it.
 *
 * @param name the concrete index, where it was asked for by an alias
 * @param settings what is below {@code settings.index}
 * @param aliases the aliases that lead to it, by name
 * @param dataStream whether it is a part of a data stream
 */
public record IndexDefinition(
    String name, ObjectNode settings, ObjectNode mappings, ObjectNode aliases, boolean dataStream) {

  /** The field of a mapping's {@code _meta} that says which migration created the index. */
  public static final String MARK = "tenant_migration";

  private static final int MOST_SLICES = 4;
  private static final int DEFAULT_RESULT_WINDOW = 10_000;

  /** A setting as text, by its path of names. */
  public Optional<String> setting(String... path) {
    JsonNode node = settings;
    for (String name : path) {
      node = node.path(name);
    }
    return node.isValueNode() ? Optional.of(node.asText()) : Optional.empty();
  }

  /** The settings that keep writes, or the change of its settings and mappings, away from it. */
  public List<String> blocks() {
    return Stream.of("write", "read_only", "read_only_allow_delete", "metadata")
        .filter(block -> setting("blocks", block).filter("true"::equals).isPresent())
        .map(block -> "index.blocks." + block)
        .toList();
  }

  public String uuid() {
    return setting("uuid").orElse("");
  }

  public int shards() {
    return setting("number_of_shards").map(Integer::parseInt).orElse(1);
  }

  /** How many documents a search may ask for ({@code max_result_window}). */
  public int resultWindow() {
    return setting("max_result_window").map(Integer::parseInt).orElse(DEFAULT_RESULT_WINDOW);
  }

  /** By how many readers the index is read side by side. */
  public int slices() {
    return Math.min(MOST_SLICES, Math.max(2, shards()));
  }

  /** Whether the index has that migration's mark. */
  public boolean isMarkedBy(String migrationId) {
    return mark().equals(migrationId);
  }

  /** Another migration that created the index, or has it in use, and has not been undone. */
  public Optional<String> migrationBesides(String migrationId) {
    return migrations().filter(id -> !id.isEmpty() && !id.equals(migrationId)).findFirst();
  }

  /** Whether that migration created the index, or has it in use. */
  public boolean isUsedBy(String migrationId) {
    return migrations().anyMatch(migrationId::equals);
  }

  private Stream<String> migrations() {
    return Stream.concat(
        Stream.of(mark()),
        aliases.properties().stream()
            .map(alias -> ElasticsearchNames.migrationOf(name, alias.getKey())));
  }

  private String mark() {
    return mappings.path("_meta").path(MARK).asText("");
  }
}

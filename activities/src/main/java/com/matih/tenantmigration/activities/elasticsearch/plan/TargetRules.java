package com.matih.tenantmigration.activities.elasticsearch.plan;

import com.matih.tenantmigration.activities.elasticsearch.client.ElasticsearchNames;
import com.matih.tenantmigration.activities.elasticsearch.client.IndexDefinition;
import com.matih.tenantmigration.activities.elasticsearch.client.Indices;
import com.matih.tenantmigration.activities.elasticsearch.client.Queries;
import com.matih.tenantmigration.activities.elasticsearch.client.RealSettings;
import com.matih.tenantmigration.activities.elasticsearch.client.SearchCluster;
import com.matih.tenantmigration.workflow.report.Refusal;
import com.matih.tenantmigration.workflow.report.Warning;
import com.matih.tenantmigration.workflow.request.ElasticsearchSpec;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Whether the dedicated cluster can take an index, and what it lacks for it. */
final class TargetRules {

  private static final Pattern FORBIDDEN = Pattern.compile("[\\\\/*?\"<>| ,#:]");

  /** The aliases that the index is written through add as much to its name as is left of 255. */
  private static final int LONGEST_NAME = 205;

  static final String RECREATE =
      "Delete it, so that it is created from the shared index, or choose another name.";

  private final SearchCluster dedicated;
  private final String name;
  private final String migrationId;
  private final List<IndexDefinition> present;

  TargetRules(SearchCluster dedicated, String name, String migrationId) {
    this.dedicated = dedicated;
    this.name = name;
    this.migrationId = migrationId;
    this.present = isName(name) ? Indices.resolve(dedicated, name) : List.of();
  }

  List<Refusal> refusals() {
    if (!isName(name)) {
      return List.of(
          refusal(
              "It cannot be the name of the new index: Elasticsearch takes lower-case names only, that"
                  + " do not begin with '-', '_', '+' or '.', have none of \\ / * ? \" < > | , # : and no"
                  + " blank, and the migration's aliases leave %d bytes for it."
                      .formatted(LONGEST_NAME),
              "Choose another name."));
    }
    if (present.stream().anyMatch(index -> !index.name().equals(name))) {
      return List.of(
          refusal("The dedicated cluster has an alias of that name.", "Choose another name."));
    }
    if (!present.isEmpty() && Indices.count(dedicated, name, Queries.everything()) > 0) {
      return List.of(
          refusal(
              "The index exists on the dedicated cluster and contains documents.",
              "Choose another name."));
    }
    Optional<String> block = present.stream().flatMap(index -> index.blocks().stream()).findFirst();
    if (block.isPresent()) {
      return List.of(
          refusal(
              "The index exists on the dedicated cluster and accepts no writes: %s is set."
                  .formatted(block.get()),
              "Free disk space if the disk is full, and remove the setting."));
    }
    return present.stream()
        .flatMap(index -> index.migrationBesides(migrationId).stream())
        .map(
            other ->
                refusal(
                    "The index exists on the dedicated cluster and belongs to migration %s."
                        .formatted(other),
                    "Choose another name, or wait until that migration has ended."))
        .toList();
  }

  /** What an operator should know; of an index that is present, how it differs. */
  List<Warning> warnings(IndexDefinition source, ElasticsearchSpec.Index index, String tenantKey) {
    List<Warning> warnings = new ArrayList<>();
    present.forEach(
        existing -> {
          warnings.addAll(differences(source, existing));
          warnings.addAll(missingAliases(source, index, existing, tenantKey));
        });
    if (present.isEmpty()) {
      warnings.addAll(missingPipelines(source));
      warnings.addAll(takenAliases(source, index, tenantKey));
    }
    return warnings;
  }

  /** Why an index that is there, and is refused for nothing else, is not what the shared one is. */
  List<Refusal> refusals(IndexDefinition source) {
    if (!refusals().isEmpty()) {
      return List.of();
    }
    List<Refusal> refusals = new ArrayList<>();
    for (IndexDefinition existing : present) {
      // while it is loaded, it has the shared index' mapping with other parameters
      List<String> differences =
          existing.isUsedBy(migrationId)
              ? List.of()
              : MappingDifferences.beyond(source.mappings(), existing.mappings());
      if (!differences.isEmpty()) {
        refusals.add(
            refusal(
                "The index exists on the dedicated cluster, and its mapping differs from the shared index': %s."
                    .formatted(MappingDifferences.text(differences)),
                RECREATE));
      }
      List<String> lacking = IndexingDifferences.lacking(source, existing);
      if (!lacking.isEmpty()) {
        refusals.add(
            refusal(
                "The index exists on the dedicated cluster, and its settings lack what the shared index' documents or mapping need: %s."
                    .formatted(MappingDifferences.text(lacking)),
                RECREATE));
      }
    }
    return refusals;
  }

  /**
   * Why the name cannot be the new index' where an alias of that name moves with another one, as
   * with the indices of a rollover.
   *
   * @param others what else moves
   */
  Optional<Refusal> aliasRefusal(
      Map<ElasticsearchSpec.Index, IndexDefinition> others, String tenantKey) {
    return others.entrySet().stream()
        .filter(other -> !other.getKey().to().equals(name))
        .filter(
            other ->
                other.getValue().aliases().has(name)
                    && TenantAliases.isMigrated(
                        other.getValue().aliases().path(name),
                        other.getKey().tenantField(),
                        tenantKey))
        .map(other -> other.getValue().name())
        .sorted()
        .findFirst()
        .map(
            other ->
                refusal(
                    "It is also an alias of the shared index %s, which moves: a name is an index or an alias."
                        .formatted(other),
                    "Choose another name, so that the alias can lead to all of its indices."));
  }

  /** The index that is there already. */
  Optional<IndexDefinition> existing() {
    return present.stream().findFirst();
  }

  boolean isToBeCreated() {
    return isName(name) && present.isEmpty();
  }

  private List<Warning> missingAliases(
      IndexDefinition source,
      ElasticsearchSpec.Index index,
      IndexDefinition existing,
      String tenantKey) {
    return source.aliases().properties().stream()
        .filter(alias -> TenantAliases.isMigrated(alias.getValue(), index.tenantField(), tenantKey))
        .filter(alias -> !existing.aliases().has(alias.getKey()) && !alias.getKey().equals(name))
        .map(
            alias ->
                warning(
                    alias.getKey(),
                    "This alias of %s is not given to %s, which exists and is used as it is."
                        .formatted(source.name(), name)))
        .toList();
  }

  private List<Warning> differences(IndexDefinition source, IndexDefinition existing) {
    List<Warning> warnings = new ArrayList<>();
    for (String setting :
        List.of("analysis", "similarity", "sort", "number_of_shards", "routing_partition_size")) {
      if (!source.settings().path(setting).equals(existing.settings().path(setting))) {
        warnings.add(
            warning(
                name,
                ("The index exists, is empty and is used as it is: its setting %s"
                        + " differs from the shared index'.")
                    .formatted(setting)));
      }
    }
    return warnings;
  }

  private List<Warning> missingPipelines(IndexDefinition source) {
    RealSettings settings = RealSettings.of(source);
    return Stream.of(settings.defaultPipeline(), settings.finalPipeline())
        .flatMap(Stream::ofNullable)
        .filter(pipeline -> !pipeline.equals("_none"))
        .distinct()
        .filter(pipeline -> !Indices.hasPipeline(dedicated, pipeline))
        .map(
            pipeline ->
                warning(
                    pipeline,
                    ("The dedicated cluster lacks this ingest pipeline of %s, so the"
                            + " index will have none. Create it there before the migration.")
                        .formatted(source.name())))
        .toList();
  }

  private List<Warning> takenAliases(
      IndexDefinition source, ElasticsearchSpec.Index index, String tenantKey) {
    List<Warning> warnings = new ArrayList<>();
    source
        .aliases()
        .properties()
        .forEach(
            alias -> {
              if (TenantAliases.isMigrated(alias.getValue(), index.tenantField(), tenantKey)
                  && !alias.getKey().equals(name)
                  && TenantAliases.isTaken(dedicated, alias.getKey(), migrationId)) {
                warnings.add(
                    warning(
                        alias.getKey(),
                        "The dedicated cluster already uses the name of this alias, so it is not migrated."));
              }
            });
    return warnings;
  }

  private static boolean isName(String name) {
    return !name.isEmpty()
        && name.equals(name.toLowerCase(Locale.ROOT))
        && "-_+.".indexOf(name.charAt(0)) < 0
        && !FORBIDDEN.matcher(name).find()
        && name.getBytes(StandardCharsets.UTF_8).length <= LONGEST_NAME;
  }

  private Refusal refusal(String reason, String remedy) {
    return new Refusal(ElasticsearchNames.STORE, name, reason, remedy);
  }

  private static Warning warning(String object, String message) {
    return new Warning(ElasticsearchNames.STORE, object, message);
  }
}

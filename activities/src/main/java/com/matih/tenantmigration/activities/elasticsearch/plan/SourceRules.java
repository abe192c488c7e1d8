package com.matih.tenantmigration.activities.elasticsearch.plan;

import com.fasterxml.jackson.databind.JsonNode;
import com.matih.tenantmigration.activities.elasticsearch.client.ElasticsearchNames;
import com.matih.tenantmigration.activities.elasticsearch.client.IndexDefinition;
import com.matih.tenantmigration.workflow.report.Refusal;
import com.matih.tenantmigration.workflow.report.Warning;
import com.matih.tenantmigration.workflow.request.ElasticsearchSpec;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Whether a shared index can be moved, and what of it is not migrated. */
final class SourceRules {

  private SourceRules() {}

  static List<Refusal> refusals(IndexDefinition source) {
    List<Refusal> refusals = new ArrayList<>();
    JsonNode stored = source.mappings().path("_source");
    if (!stored.path("enabled").asBoolean(true) || sourceMode(source).equals("disabled")) {
      refusals.add(
          refusal(
              source,
              "The index does not keep its documents' sources (_source is disabled).",
              "Build the dedicated index from the documents' origin, and leave this one out."));
    } else if (!stored.path("includes").isEmpty() || !stored.path("excludes").isEmpty()) {
      refusals.add(
          refusal(
              source,
              "The index keeps only parts of its documents' sources (_source.includes or excludes).",
              "Build the dedicated index from the documents' origin, and leave this one out."));
    }
    if (source.dataStream()) {
      refusals.add(
          refusal(
              source,
              "It is part of a data stream, which cannot be written by id and version.",
              "Reindex it into an index of its own, or leave it out."));
    } else if (source.setting("mode").orElse("").equals("time_series")) {
      refusals.add(
          refusal(
              source,
              "It is a time series index, whose documents cannot be given ids and versions.",
              "Reindex it into an ordinary index, or leave it out."));
    }
    if (source.setting("frozen").orElse("").equals("true")) {
      refusals.add(
          refusal(
              source,
              "The index is frozen, so that searches do not find its documents.",
              "Unfreeze it (POST %s/_unfreeze).".formatted(source.name())));
    }
    if (source.setting("blocks", "read").orElse("").equals("true")) {
      refusals.add(
          refusal(
              source,
              "The index accepts no reads: index.blocks.read is set.",
              "Remove the setting."));
    }
    if (source.setting("verified_before_close").orElse("").equals("true")) {
      refusals.add(
          refusal(
              source, "The index is closed.", "Open it (POST %s/_open).".formatted(source.name())));
    }
    return refusals;
  }

  static List<Warning> warnings(
      IndexDefinition source, ElasticsearchSpec.Index index, String tenantKey) {
    List<Warning> warnings = new ArrayList<>();
    source
        .setting("lifecycle", "name")
        .ifPresent(
            policy ->
                warnings.add(
                    warning(
                        index.to(),
                        "The lifecycle policy %s is not migrated. Attach one after the cutover."
                            .formatted(policy))));
    source
        .aliases()
        .properties()
        .forEach(
            alias -> {
              if (!TenantAliases.isMigrated(alias.getValue(), index.tenantField(), tenantKey)) {
                warnings.add(
                    warning(
                        alias.getKey(),
                        "This alias of %s has a filter that is not the tenant alone, so it is not migrated."
                            .formatted(source.name())));
              }
            });
    source
        .blocks()
        .forEach(
            block ->
                warnings.add(
                    warning(
                        source.name(),
                        "Its setting %s is not migrated: the dedicated index accepts writes."
                            .formatted(block))));
    if (sourceMode(source).equals("synthetic")) {
      warnings.add(
          warning(
              source.name(),
              "Its documents' sources are synthetic: they are moved as the cluster reconstructs them."));
    }
    return warnings;
  }

  /** Where the index does not say, its mapping may. */
  private static String sourceMode(IndexDefinition source) {
    return source
        .setting("mapping", "source", "mode")
        .orElse(source.mappings().path("_source").path("mode").asText(""));
  }

  /** Why an alias cannot stand for the index that it leads to: what its filter hides would move. */
  static Optional<Refusal> aliasRefusal(
      IndexDefinition source, ElasticsearchSpec.Index index, String tenantKey) {
    JsonNode alias = source.aliases().path(index.from());
    return source.name().equals(index.from())
            || TenantAliases.isMigrated(alias, index.tenantField(), tenantKey)
        ? Optional.empty()
        : Optional.of(
            new Refusal(
                ElasticsearchNames.STORE,
                index.from(),
                "This alias of %s has a filter besides the tenant, and documents that it hides would move."
                    .formatted(source.name()),
                "Name the index itself, or an alias without a filter."));
  }

  private static Refusal refusal(IndexDefinition source, String reason, String remedy) {
    return new Refusal(ElasticsearchNames.STORE, source.name(), reason, remedy);
  }

  private static Warning warning(String object, String message) {
    return new Warning(ElasticsearchNames.STORE, object, message);
  }
}

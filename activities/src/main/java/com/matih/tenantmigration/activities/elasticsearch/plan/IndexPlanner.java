package com.matih.tenantmigration.activities.elasticsearch.plan;

import com.matih.tenantmigration.activities.elasticsearch.client.ElasticsearchClients;
import com.matih.tenantmigration.activities.elasticsearch.client.IndexDefinition;
import com.matih.tenantmigration.activities.elasticsearch.client.Indices;
import com.matih.tenantmigration.activities.elasticsearch.client.Queries;
import com.matih.tenantmigration.activities.elasticsearch.client.SearchCluster;
import com.matih.tenantmigration.activities.engine.PlanNotes;
import com.matih.tenantmigration.activities.engine.ProgressMonitor;
import com.matih.tenantmigration.workflow.MigrationContext;
import com.matih.tenantmigration.workflow.StoreName;
import com.matih.tenantmigration.workflow.report.PlanFindings;
import com.matih.tenantmigration.workflow.report.Refusal;
import com.matih.tenantmigration.workflow.report.StoresSummary;
import com.matih.tenantmigration.workflow.request.ElasticsearchSpec;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Looks at both clusters before anything is changed: what would move, what stands in the way, and
 * what to mind. Names every problem at once.
 */
public final class IndexPlanner {

  private final ElasticsearchClients clients;

  public IndexPlanner(ElasticsearchClients clients) {
    this.clients = clients;
  }

  /** Changes nothing anywhere. A cluster that does not answer, or not to us, is a refusal. */
  public PlanFindings plan(MigrationContext context, ProgressMonitor monitor) {
    ElasticsearchSpec spec = context.spec(ElasticsearchSpec.class);
    Plan plan = new Plan(context, spec);
    plan.refuseDuplicates();
    plan.notes.attempt(
        "elasticsearch.source",
        "Correct elasticsearch.source.",
        () -> {
          try (SearchCluster shared = clients.shared(spec, monitor)) {
            plan.lookAtSources(shared);
          }
        });
    plan.notes.attempt(
        "elasticsearch.target",
        "Correct elasticsearch.target.",
        () -> {
          try (SearchCluster dedicated = clients.dedicated(spec, monitor)) {
            plan.lookAtTargets(dedicated);
          }
        });
    return plan.findings();
  }

  /** One plan as it grows. */
  private static final class Plan {

    private final MigrationContext context;
    private final ElasticsearchSpec spec;
    private final Map<ElasticsearchSpec.Index, IndexDefinition> sources = new HashMap<>();
    private final List<StoresSummary.Index> documents = new ArrayList<>();
    private final List<DocumentSpeed.Part> counted = new ArrayList<>();
    final PlanNotes notes = new PlanNotes(StoreName.ELASTICSEARCH);

    Plan(MigrationContext context, ElasticsearchSpec spec) {
      this.context = context;
      this.spec = spec;
    }

    PlanFindings findings() {
      return notes.findings(StoresSummary.of(new StoresSummary.Elasticsearch(documents)));
    }

    void refuseDuplicates() {
      Set<String> targets = new HashSet<>();
      for (ElasticsearchSpec.Index index : spec.indices()) {
        if (!targets.add(index.to())) {
          notes.refuse(
              index.to(),
              "Two indices have it as their target.",
              "Give each one a target of its own.");
        }
      }
      if (targets.isEmpty()) {
        notes.refuse(
            "indices", "The request names no index.", "Name one, or leave elasticsearch out.");
      }
    }

    void lookAtSources(SearchCluster shared) {
      ServerVersion.judge(shared, notes);
      Rights.missingOnSource(shared, spec, context.request().mode()).forEach(notes::refuse);
      for (ElasticsearchSpec.Index index : spec.indices()) {
        List<IndexDefinition> found = Indices.resolve(shared, index.from());
        if (found.size() != 1) {
          notes.refuse(
              index.from(),
              found.isEmpty()
                  ? "The shared cluster has no index or alias of that name."
                  : "The alias leads to %d indices.".formatted(found.size()),
              "Name one index of the shared cluster.");
        } else {
          lookAtSource(shared, index, found.get(0));
        }
      }
      new AliasedElsewhere(shared, sources, context.request().tenantKey(), notes).leaveBehind();
      if (notes.refusals().isEmpty()) {
        notes.expect(
            new DocumentSpeed(shared, counted).estimate(context.request().boundOnReading()));
      }
    }

    private void lookAtSource(
        SearchCluster shared, ElasticsearchSpec.Index index, IndexDefinition source) {
      String tenantKey = context.request().tenantKey();
      sources.put(index, source);
      List<Refusal> here = new ArrayList<>(SourceRules.refusals(source));
      SourceRules.aliasRefusal(source, index, tenantKey).ifPresent(here::add);
      TenantField.refusal(source, index.tenantField(), tenantKey).ifPresent(here::add);
      SourceRules.warnings(source, index, tenantKey).forEach(notes::warn);
      here.forEach(notes::refuse);
      if (here.isEmpty()) {
        if (notes.refusals().isEmpty()) {
          // an index may refresh rarely or never by itself, and a count would miss what is new in
          // it
          Indices.refresh(shared, source.name());
        }
        long count =
            Indices.count(shared, source.name(), Queries.ofTenant(index.tenantField(), tenantKey));
        documents.add(new StoresSummary.Index(index.to(), count));
        counted.add(
            new DocumentSpeed.Part(
                source.name(), Queries.ofTenant(index.tenantField(), tenantKey), count));
        new TenantOwnership(shared, source, index, tenantKey, notes).judge();
        refuseFieldsWithoutSource(shared, source, index);
        if (count == 0) {
          notes.warn(index.from(), "The tenant has no documents in it.");
        }
      }
    }

    private void refuseFieldsWithoutSource(
        SearchCluster shared, IndexDefinition source, ElasticsearchSpec.Index index) {
      List<String> fields =
          new FieldPresence(Queries.ofTenant(index.tenantField(), context.request().tenantKey()))
              .withoutSource(shared, source.name(), source.mappings());
      if (!fields.isEmpty()) {
        notes.refuse(
            index.from(),
            "It finds documents of the tenant by fields that their sources do not have, as a copy_to that was taken away leaves them: %s. Documents that are written again lose them."
                .formatted(MappingDifferences.text(fields)),
            "Put the copy_to into the mapping again, or have the documents lose these fields now: POST %s/_update_by_query?conflicts=proceed&refresh."
                .formatted(source.name()));
      }
    }

    void lookAtTargets(SearchCluster dedicated) {
      ServerVersion.judge(dedicated, notes);
      Rights.missingOnTarget(dedicated, spec).forEach(notes::refuse);
      ClusterBlocks.refusals(dedicated).forEach(notes::refuse);
      List<IndexDefinition> toBeCreated = new ArrayList<>();
      for (ElasticsearchSpec.Index index : spec.indices()) {
        TargetRules rules = new TargetRules(dedicated, index.to(), context.migrationId());
        List<Refusal> here = new ArrayList<>(rules.refusals());
        IndexDefinition source = sources.get(index);
        if (source != null) {
          here.addAll(rules.refusals(source));
          rules.aliasRefusal(sources, context.request().tenantKey()).ifPresent(here::add);
          rules.warnings(source, index, context.request().tenantKey()).forEach(notes::warn);
        }
        here.forEach(notes::refuse);
        if (source != null && rules.isToBeCreated()) {
          new TargetTemplates(dedicated, index.to(), notes).judge(source);
        }
        if (here.isEmpty() && source != null && SourceRules.refusals(source).isEmpty()) {
          tryOut(dedicated, index, source, rules);
          if (rules.isToBeCreated()) {
            toBeCreated.add(source);
          }
        }
      }
      new ShardLimit(dedicated).judge(toBeCreated, notes);
    }

    private void tryOut(
        SearchCluster dedicated,
        ElasticsearchSpec.Index index,
        IndexDefinition source,
        TargetRules rules) {
      CreationTrial trial = new CreationTrial(dedicated, index.to(), context.migrationId(), notes);
      rules
          .existing()
          .ifPresentOrElse(existing -> trial.judge(source, existing), () -> trial.judge(source));
    }
  }
}

package com.matih.tenantmigration.activities.elasticsearch.plan;

import com.matih.tenantmigration.activities.elasticsearch.client.ElasticsearchClients;
import com.matih.tenantmigration.activities.elasticsearch.client.ElasticsearchNames;
import com.matih.tenantmigration.activities.elasticsearch.client.IndexDefinition;
import com.matih.tenantmigration.activities.elasticsearch.client.Indices;
import com.matih.tenantmigration.activities.elasticsearch.client.Queries;
import com.matih.tenantmigration.activities.elasticsearch.client.SearchCluster;
import com.matih.tenantmigration.activities.engine.AskedToStop;
import com.matih.tenantmigration.activities.engine.ProgressMonitor;
import com.matih.tenantmigration.workflow.MigrationContext;
import com.matih.tenantmigration.workflow.MigrationException;
import com.matih.tenantmigration.workflow.report.PlanFindings;
import com.matih.tenantmigration.workflow.report.Refusal;
import com.matih.tenantmigration.workflow.report.StoresSummary;
import com.matih.tenantmigration.workflow.report.Warning;
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
    plan.unlessRefused(
        "elasticsearch.source",
        () -> {
          try (SearchCluster shared = clients.shared(spec, monitor)) {
            plan.lookAtSources(shared);
          }
        });
    plan.unlessRefused(
        "elasticsearch.target",
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
    private final List<Refusal> refusals = new ArrayList<>();
    private final List<Warning> warnings = new ArrayList<>();

    Plan(MigrationContext context, ElasticsearchSpec spec) {
      this.context = context;
      this.spec = spec;
    }

    PlanFindings findings() {
      return new PlanFindings(
          StoresSummary.of(new StoresSummary.Elasticsearch(documents)), refusals, warnings);
    }

    void refuseDuplicates() {
      Set<String> targets = new HashSet<>();
      for (ElasticsearchSpec.Index index : spec.indices()) {
        if (!targets.add(index.to())) {
          refuse(index.to(), "two indices have it as their target", "give each one of its own");
        }
      }
      if (targets.isEmpty()) {
        refuse("indices", "the request names no index", "name one, or leave elasticsearch out");
      }
    }

    void unlessRefused(String object, Runnable look) {
      try {
        look.run();
      } catch (MigrationException e) {
        AskedToStop.rethrow(e);
        refusals.add(
            Refusal.of(
                ElasticsearchNames.STORE,
                object,
                String.valueOf(e.getMessage()),
                "Correct %s.".formatted(object)));
      }
    }

    void lookAtSources(SearchCluster shared) {
      refusals.addAll(Rights.missingOnSource(shared, spec));
      for (ElasticsearchSpec.Index index : spec.indices()) {
        List<IndexDefinition> found = Indices.resolve(shared, index.from());
        if (found.size() != 1) {
          refuse(
              index.from(),
              found.isEmpty()
                  ? "the shared cluster has no index or alias of that name"
                  : "the alias leads to %d indices".formatted(found.size()),
              "name one index of the shared cluster");
        } else {
          lookAtSource(shared, index, found.get(0));
        }
      }
    }

    private void lookAtSource(
        SearchCluster shared, ElasticsearchSpec.Index index, IndexDefinition source) {
      String tenantKey = context.request().tenantKey();
      sources.put(index, source);
      List<Refusal> here = new ArrayList<>(SourceRules.refusals(source));
      TenantField.refusal(source, index.tenantField(), tenantKey).ifPresent(here::add);
      warnings.addAll(SourceRules.warnings(source, index, tenantKey));
      refusals.addAll(here);
      if (here.isEmpty()) {
        long count =
            Indices.count(shared, source.name(), Queries.ofTenant(index.tenantField(), tenantKey));
        documents.add(new StoresSummary.Index(index.to(), count));
        if (count == 0) {
          warn(index.from(), "the tenant has no documents in it");
        }
      }
    }

    void lookAtTargets(SearchCluster dedicated) {
      refusals.addAll(Rights.missingOnTarget(dedicated, spec));
      refusals.addAll(ClusterBlocks.refusals(dedicated));
      for (ElasticsearchSpec.Index index : spec.indices()) {
        TargetRules rules = new TargetRules(dedicated, index.to(), context.migrationId());
        refusals.addAll(rules.refusals());
        IndexDefinition source = sources.get(index);
        if (source != null) {
          warnings.addAll(rules.warnings(source, index, context.request().tenantKey()));
        }
      }
    }

    private void refuse(String object, String reason, String remedy) {
      refusals.add(new Refusal(ElasticsearchNames.STORE, object, reason, remedy));
    }

    private void warn(String object, String message) {
      warnings.add(new Warning(ElasticsearchNames.STORE, object, message));
    }
  }
}

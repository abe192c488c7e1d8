package com.matih.tenantmigration.activities.elasticsearch.compare;

import com.fasterxml.jackson.databind.node.ObjectNode;
import com.matih.tenantmigration.activities.elasticsearch.client.DocumentLookup;
import com.matih.tenantmigration.activities.elasticsearch.client.DocumentReader;
import com.matih.tenantmigration.activities.elasticsearch.client.ElasticsearchClients;
import com.matih.tenantmigration.activities.elasticsearch.client.Hit;
import com.matih.tenantmigration.activities.elasticsearch.client.IndexDefinition;
import com.matih.tenantmigration.activities.elasticsearch.client.Indices;
import com.matih.tenantmigration.activities.elasticsearch.client.PointInTime;
import com.matih.tenantmigration.activities.elasticsearch.client.Queries;
import com.matih.tenantmigration.activities.elasticsearch.client.SearchCluster;
import com.matih.tenantmigration.activities.elasticsearch.plan.FieldPresence;
import com.matih.tenantmigration.activities.engine.Finding;
import com.matih.tenantmigration.activities.engine.ProgressMonitor;
import com.matih.tenantmigration.activities.engine.WorkerPool;
import com.matih.tenantmigration.activities.secrets.SecretResolver;
import com.matih.tenantmigration.workflow.MigrationContext;
import com.matih.tenantmigration.workflow.report.Progress;
import com.matih.tenantmigration.workflow.request.ElasticsearchSpec;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;

/**
 * Compares the tenant's documents of both sides: every document of the shared index is asked for on
 * the dedicated one by its id and routing, and where that one has more documents than were found,
 * each of those is asked for on the shared side.
 */
public final class DocumentComparison {

  private final ElasticsearchClients clients;

  public DocumentComparison(SecretResolver secrets) {
    this.clients = new ElasticsearchClients(secrets);
  }

  /** Not applicable where both sides are empty. */
  public Finding compare(MigrationContext context, ProgressMonitor monitor) {
    ElasticsearchSpec spec = context.spec(ElasticsearchSpec.class);
    Finding finding = new Finding();
    try (SearchCluster shared = clients.shared(spec, monitor);
        SearchCluster dedicated = clients.dedicated(spec, monitor)) {
      for (ElasticsearchSpec.Index index : spec.indices()) {
        new Comparison(context, index, shared, dedicated, finding, monitor).run();
      }
    }
    return finding.comparedCount() == 0 && finding.mismatchCount() == 0
        ? Finding.notApplicable("the tenant has no documents on either side")
        : finding;
  }

  /** The comparison of one index. */
  private static final class Comparison {

    private final ElasticsearchSpec.Index index;
    private final SearchCluster shared;
    private final SearchCluster dedicated;
    private final Finding finding;
    private final ProgressMonitor monitor;
    private final ObjectNode tenant;
    private final AtomicLong compared = new AtomicLong();
    private final AtomicLong found = new AtomicLong();

    Comparison(
        MigrationContext context,
        ElasticsearchSpec.Index index,
        SearchCluster shared,
        SearchCluster dedicated,
        Finding finding,
        ProgressMonitor monitor) {
      this.index = index;
      this.shared = shared;
      this.dedicated = dedicated;
      this.finding = finding;
      this.monitor = monitor;
      this.tenant = Queries.ofTenant(index.tenantField(), context.request().tenantKey());
    }

    void run() {
      IndexDefinition source = Indices.source(shared, index.from());
      if (Indices.find(dedicated, index.to()).isEmpty()) {
        finding.mismatch("index %s does not exist".formatted(index.to()));
        return;
      }
      Indices.refresh(shared, source.name());
      compareAll(source);
      Indices.refresh(dedicated, index.to());
      if (Indices.count(dedicated, index.to(), Queries.everything()) != found.get()) {
        nameExtraDocuments(source);
      }
      new FieldPresence(tenant)
          .lost(shared, source.name(), dedicated, index.to(), source.mappings())
          .forEach(field -> finding.mismatch(FieldPresence.mismatch(index.to(), field)));
    }

    /** By as many readers as copied them, each of which holds a page and its answer. */
    private void compareAll(IndexDefinition source) {
      int slices = source.slices();
      try (PointInTime pointInTime = PointInTime.open(shared, source.name())) {
        List<Function<ProgressMonitor, Boolean>> readers = new ArrayList<>();
        for (int slice = 0; slice < slices; slice++) {
          DocumentReader reader =
              new DocumentReader(pointInTime, tenant.deepCopy(), true, slice, slices);
          readers.add(own -> compareSlice(reader, own));
        }
        var unused = WorkerPool.callAll("compare-" + index.to(), monitor, readers);
      }
    }

    private boolean compareSlice(DocumentReader reader, ProgressMonitor own) {
      for (var page = reader.next(); page.isPresent(); page = reader.next()) {
        reader.payForShared(page.get(), own);
        comparePage(page.get().hits());
      }
      return true;
    }

    private void comparePage(List<Hit> expected) {
      List<Hit> actual = DocumentLookup.find(dedicated, index.to(), expected);
      for (int i = 0; i < expected.size(); i++) {
        compareDocument(expected.get(i), actual.get(i));
      }
      finding.compared(expected.size());
      monitor.update(
          new Progress(
              compared.addAndGet(expected.size()), -1, "documents", "comparing " + index.to()));
    }

    private void compareDocument(Hit expected, Hit actual) {
      if (actual.isFound()) {
        found.incrementAndGet();
      }
      DocumentPair.difference(expected, actual)
          .ifPresent(difference -> mismatch(expected, difference));
    }

    private void nameExtraDocuments(IndexDefinition source) {
      KnownDocuments known = new KnownDocuments(shared, source.name(), tenant);
      try (PointInTime pointInTime = PointInTime.open(dedicated, index.to())) {
        DocumentReader reader = new DocumentReader(pointInTime, Queries.everything(), false);
        for (var page = reader.next(); page.isPresent(); page = reader.next()) {
          known
              .unknown(page.get().hits())
              .forEach(
                  hit -> mismatch(hit, "is not among the tenant's documents of the shared index"));
        }
      }
    }

    private void mismatch(Hit hit, String what) {
      finding.mismatch("document %s/%s %s".formatted(index.to(), hit.id(), what));
    }
  }
}

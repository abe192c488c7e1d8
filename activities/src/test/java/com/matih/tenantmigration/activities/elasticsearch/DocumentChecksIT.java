package com.matih.tenantmigration.activities.elasticsearch;

import static org.assertj.core.api.Assertions.assertThat;

import com.matih.tenantmigration.activities.elasticsearch.compare.ElasticsearchSourceQuiet;
import com.matih.tenantmigration.activities.elasticsearch.compare.ElasticsearchTenantLeak;
import com.matih.tenantmigration.activities.engine.Finding;
import com.matih.tenantmigration.workflow.MigrationContext;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BrokenBarrierException;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Test;

class DocumentChecksIT extends IndexLab {

  @Test
  void changedMissingAndExtraDocumentsAreFoundByName() {
    index.fill(200);
    provisioner.provision(context, MONITOR);
    copier.copy(context, MONITOR);
    String doc = "/" + index.to() + "/_doc/";
    dedicated.put(doc + "doc-3", dedicated.source(index.to(), "doc-3"));
    dedicated.put(
        doc + "doc-4?version=1&version_type=external_gte",
        dedicated.source(index.to(), "doc-4").replace("\"amount\":4", "\"amount\":4.0"));
    dedicated.delete(doc + "doc-5");
    dedicated.put(doc + "extra", "{\"tenant_id\":\"acme-tenant-id\"}");

    Finding finding = comparison.compare(context, MONITOR);

    assertThat(finding.comparedCount()).isEqualTo(200);
    assertThat(finding.namedMismatches())
        .containsExactlyInAnyOrder(
            "document %s/doc-3 has version 2 instead of 1".formatted(index.to()),
            "document %s/doc-4 has different content".formatted(index.to()),
            "document %s/doc-5 is missing".formatted(index.to()),
            "document %s/extra is not among the tenant's documents of the shared index"
                .formatted(index.to()));
  }

  @Test
  void documentsAreComparedBySeveralReadersAndEachOnce() throws Exception {
    index.fill(3000);
    provisioner.provision(context, MONITOR);
    copier.copy(context, MONITOR);
    String doc = "/" + index.to() + "/_doc/";
    dedicated.delete(doc + "doc-7");
    dedicated.put(doc + "doc-2990", "{\"tenant_id\":\"acme-tenant-id\"}");
    MeetingReaders readers = new MeetingReaders();

    try (ClusterProxy proxy = new ClusterProxy(dedicated, readers)) {
      MigrationContext observed = index.context(migrationId, shared.url(), proxy.url());
      Finding finding = comparison.compare(observed, MONITOR);

      assertThat(finding.comparedCount()).isEqualTo(3000);
      assertThat(finding.mismatchCount()).isEqualTo(2);
    }
    assertThat(readers.met).as("two readers ask at the same time").isTrue();
  }

  /** The first reader that asks for documents waits for a second one. */
  private static final class MeetingReaders implements ClusterProxy.Behaviour {

    private final CyclicBarrier two = new CyclicBarrier(2);
    private volatile boolean met;

    @Override
    public Optional<ClusterProxy.Reply> answer(ClusterProxy.Call call) {
      if (!met && call.target().contains("/_mget")) {
        try {
          var unused = two.await(20, TimeUnit.SECONDS);
          met = true;
        } catch (BrokenBarrierException | TimeoutException e) {
          return Optional.empty();
        } catch (InterruptedException e) {
          Thread.currentThread().interrupt();
        }
      }
      return Optional.empty();
    }
  }

  @Test
  void documentsOfAnotherTenantOrOfNoneAreLeaks() {
    index.fill(50);
    provisioner.provision(context, MONITOR);
    copier.copy(context, MONITOR);
    ElasticsearchTenantLeak leak = new ElasticsearchTenantLeak(secrets);
    Finding clean = leak.findForeign(context, MONITOR);
    dedicated.put(
        "/%s/_doc/foreign-0".formatted(index.to()), "{\"tenant_id\":\"globex-tenant-id\"}");
    dedicated.put("/%s/_doc/nobody".formatted(index.to()), "{\"title\":\"whose?\"}");

    assertThat(clean.mismatchCount()).isZero();
    assertThat(clean.comparedCount()).isEqualTo(50);
    assertThat(leak.findForeign(context, MONITOR).namedMismatches())
        .containsExactlyInAnyOrder(
            "elasticsearch document %s/foreign-0 is not the tenant's".formatted(index.to()),
            "elasticsearch document %s/nobody is not the tenant's".formatted(index.to()));
  }

  @Test
  void aLateWriteOnTheSharedSideIsNoticedAndANeighboursIsNot() {
    index.fill(200);
    provisioner.provision(context, MONITOR);
    copier.copy(context, MONITOR);
    ElasticsearchSourceQuiet quiet = new ElasticsearchSourceQuiet(secrets, journal);

    shared.put(
        "/%s/_doc/foreign-0".formatted(index.from()), "{\"tenant_id\":\"globex-tenant-id\"}");
    Finding undisturbed = quiet.findWrites(context, MONITOR);
    assertThat(undisturbed.namedMismatches()).isEmpty();
    assertThat(undisturbed.comparedCount()).isEqualTo(200);

    for (int i = 0; i < 3; i++) {
      shared.put(
          "/%s/_doc/doc-%d".formatted(index.from(), i), "{\"tenant_id\":\"acme-tenant-id\"}");
      assertThat(quiet.findWrites(context, MONITOR).namedMismatches())
          .containsExactly(
              "elasticsearch index %s: documents of the tenant were written since the copy began"
                  .formatted(index.from()));
    }
    shared.delete("/%s/_doc/doc-9".formatted(index.from()));
    assertThat(quiet.findWrites(context, MONITOR).namedMismatches())
        .containsExactly(
            "elasticsearch index %s: the number of the tenant's documents was 200 and is 199"
                .formatted(index.from()));
  }

  @Test
  void noDocumentsOnEitherSideIsNothingToCompare() {
    provisioner.provision(context, MONITOR);
    copier.copy(context, MONITOR);

    assertThat(comparison.compare(context, MONITOR).isNotApplicable()).isTrue();
    assertThat(new ElasticsearchTenantLeak(secrets).findForeign(context, MONITOR).isNotApplicable())
        .isTrue();
    assertThat(
            new ElasticsearchSourceQuiet(secrets, journal)
                .findWrites(context, MONITOR)
                .isNotApplicable())
        .isTrue();
    assertThat(List.of(dedicated.count(index.to()))).containsExactly(0L);
  }
}

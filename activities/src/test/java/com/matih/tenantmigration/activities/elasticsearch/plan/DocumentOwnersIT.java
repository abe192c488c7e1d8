package com.matih.tenantmigration.activities.elasticsearch.plan;

import static org.assertj.core.api.Assertions.assertThat;

import com.matih.tenantmigration.activities.elasticsearch.SharedIndex;
import com.matih.tenantmigration.activities.elasticsearch.TestCluster;
import com.matih.tenantmigration.activities.elasticsearch.client.ElasticsearchClients;
import com.matih.tenantmigration.activities.elasticsearch.compare.ElasticsearchTenantLeak;
import com.matih.tenantmigration.activities.engine.ProgressMonitor;
import com.matih.tenantmigration.activities.testing.TestJournal;
import com.matih.tenantmigration.activities.testing.TestSecrets;
import com.matih.tenantmigration.embedded.testing.TestServers;
import com.matih.tenantmigration.workflow.MigrationContext;
import com.matih.tenantmigration.workflow.report.PlanFindings;
import com.matih.tenantmigration.workflow.request.ElasticsearchSpec;
import com.matih.tenantmigration.workflow.request.ElasticsearchSpec.Unmarked;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Documents of several tenants, of none, and of tenants that are numbers. */
class DocumentOwnersIT {

  private static final String OURS = "acme-tenant-id";

  private final TestCluster shared = new TestCluster(TestServers.elasticsearch());
  private final TestCluster dedicated = new TestCluster(TestServers.dedicatedElasticsearch());
  private final SharedIndex index = SharedIndex.create(shared, dedicated);

  @Test
  void documentsOfSeveralTenantsAreRefusedAndFoundWhereTheyHaveMoved() {
    write("one", "{\"tenant_id\":\"%s\"}".formatted(OURS));
    write("twice", "{\"tenant_id\":[\"%1$s\",\"%1$s\"]}".formatted(OURS));
    write("before", "{\"tenant_id\":[\"%s\",\"aaa\"]}".formatted(OURS));
    write("after", "{\"tenant_id\":[\"zzz\",\"%s\"]}".formatted(OURS));
    write("other", "{\"tenant_id\":[\"aaa\",\"zzz\"]}");

    assertThat(plan(Unmarked.LEAVE).refusals())
        .singleElement()
        .satisfies(
            refusal -> {
              assertThat(refusal.object()).isEqualTo(index.from() + ".tenant_id");
              assertThat(refusal.reason())
                  .isEqualTo(
                      "The index has 2 documents of the tenant with another tenant's key beside its own (an array).");
            });

    MigrationContext asIfMoved =
        index.context(
            TestJournal.newMigrationId(),
            List.of(new ElasticsearchSpec.Index("x", index.from(), "tenant_id")),
            shared.url());
    assertThat(
            new ElasticsearchTenantLeak(TestSecrets.of(name -> null))
                .findForeign(asIfMoved, ProgressMonitor.unmonitored())
                .mismatchCount())
        .isEqualTo(3);
  }

  @Test
  void documentsWithoutATenantAreCountedAndStayBehindUnlessTheRequestRefusesThem() {
    write("one", "{\"tenant_id\":\"%s\"}".formatted(OURS));
    write("none", "{\"title\":\"x\"}");
    write("null", "{\"tenant_id\":null}");
    write("empty", "{\"tenant_id\":[]}");

    PlanFindings left = plan(Unmarked.LEAVE);
    assertThat(left.refusals()).isEmpty();
    assertThat(left.leftBehind())
        .singleElement()
        .satisfies(
            behind -> {
              assertThat(behind.object()).isEqualTo(index.from() + ".tenant_id");
              assertThat(behind.count()).isEqualTo(3);
            });
    assertThat(left.warnings())
        .singleElement()
        .satisfies(warning -> assertThat(warning.message()).contains("3 documents without a"));

    assertThat(plan(Unmarked.REFUSE).refusals())
        .singleElement()
        .satisfies(refusal -> assertThat(refusal.reason()).contains("3 documents without a"));
  }

  @Test
  void documentsThatNoSearchFindsYetAreCounted() {
    shared.put("/%s/_settings".formatted(index.from()), "{\"index.refresh_interval\":\"-1\"}");
    shared.put(
        "/%s/_doc/new".formatted(index.from()), "{\"tenant_id\":[\"%s\",\"zzz\"]}".formatted(OURS));

    assertThat(plan(Unmarked.LEAVE).refusals())
        .singleElement()
        .satisfies(
            refusal -> assertThat(refusal.reason()).startsWith("The index has 1 document of"));
  }

  private void write(String id, String document) {
    shared.put("/%s/_doc/%s?refresh=true".formatted(index.from(), id), document);
  }

  private PlanFindings plan(Unmarked unmarked) {
    return new IndexPlanner(new ElasticsearchClients(TestSecrets.of(name -> null)))
        .plan(
            index.context(
                TestJournal.newMigrationId(),
                List.of(
                    new ElasticsearchSpec.Index(index.from(), index.to(), "tenant_id", unmarked)),
                dedicated.url()),
            ProgressMonitor.unmonitored());
  }
}

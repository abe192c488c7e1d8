package com.matih.tenantmigration.activities.elasticsearch.follow;

import static org.assertj.core.api.Assertions.assertThat;

import com.matih.tenantmigration.activities.elasticsearch.SharedIndex;
import com.matih.tenantmigration.activities.elasticsearch.TestCluster;
import com.matih.tenantmigration.activities.elasticsearch.client.ElasticsearchClients;
import com.matih.tenantmigration.activities.elasticsearch.client.Hit;
import com.matih.tenantmigration.activities.elasticsearch.client.Indices;
import com.matih.tenantmigration.activities.elasticsearch.client.Queries;
import com.matih.tenantmigration.activities.elasticsearch.client.SearchCluster;
import com.matih.tenantmigration.activities.elasticsearch.compare.KnownDocuments;
import com.matih.tenantmigration.activities.engine.ProgressMonitor;
import com.matih.tenantmigration.activities.testing.TestSecrets;
import com.matih.tenantmigration.embedded.testing.TestServers;
import com.matih.tenantmigration.workflow.MigrationContext;
import com.matih.tenantmigration.workflow.request.ElasticsearchSpec;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class DepartedDocumentsIT {

  private static final ProgressMonitor MONITOR = ProgressMonitor.unmonitored();
  private static final int DOCUMENTS = 12_000;

  private final TestCluster cluster = new TestCluster(TestServers.elasticsearch());
  private SharedIndex index;
  private ElasticsearchSpec.Index spec;
  private String tenant;
  private SearchCluster shared;
  private SharedView before;

  @BeforeEach
  void viewAnIndex() {
    index = SharedIndex.create(cluster, new TestCluster(TestServers.dedicatedElasticsearch()));
    index.fill(DOCUMENTS);
    MigrationContext context = index.context("0123456789ab");
    ElasticsearchSpec request = context.spec(ElasticsearchSpec.class);
    spec = request.indices().get(0);
    tenant = context.request().tenantKey();
    shared = new ElasticsearchClients(TestSecrets.of(name -> null)).shared(request, MONITOR);
    Indices.refresh(shared, index.from());
    before = SharedView.open(shared, ShardPositions.read(shared, index.from()));
  }

  @AfterEach
  void close() {
    before.close();
    shared.close();
  }

  @Test
  void fewDeletedAmongManyAreFoundByReadingFew() {
    change(
        """
        {"delete":{"_id":"doc-0"}}
        {"delete":{"_id":"doc-7001"}}
        {"delete":{"_id":"foreign-7000"}}
        {"index":{"_id":"doc-11999"}}
        {"tenant_id":"globex-tenant-id"}
        {"index":{"_id":"doc-5"}}
        {"tenant_id":"acme-tenant-id","amount":1}
        {"index":{"_id":"later"}}
        {"tenant_id":"acme-tenant-id"}
        """);

    Collection<Hit> read = find(before);

    assertThat(read).hasSizeLessThan(DOCUMENTS / 10).extracting(Hit::id).contains("doc-5");
    assertThat(known().unknown(List.copyOf(read)))
        .extracting(Hit::id)
        .containsExactlyInAnyOrder("doc-0", "doc-7001", "doc-11999");
  }

  @Test
  void whereNothingWasDeletedNothingIsRead() {
    change("{\"index\":{\"_id\":\"later\"}}\n{\"tenant_id\":\"acme-tenant-id\"}\n");

    assertThat(find(before)).isEmpty();
  }

  @Test
  void aViewIsTakenUpByWhatIsKeptOfIt() {
    change("{\"delete\":{\"_id\":\"doc-17\"}}\n");

    assertThat(find(SharedView.of(shared, before.kept()))).extracting(Hit::id).contains("doc-17");
  }

  @Test
  void aViewThatTheClusterHasGivenUpShowsNothing() {
    change("{\"delete\":{\"_id\":\"doc-17\"}}\n");
    before.close();

    assertThat(find(before)).isEmpty();
  }

  private void change(String bulk) {
    cluster.post("/%s/_bulk?refresh=true".formatted(index.from()), bulk);
  }

  private Collection<Hit> find(SharedView view) {
    Collection<Hit> read = new ConcurrentLinkedQueue<>();
    new DepartedDocuments(shared, spec, tenant, MONITOR).find(view, read::addAll);
    return read;
  }

  private KnownDocuments known() {
    return new KnownDocuments(shared, index.from(), Queries.ofTenant(spec.tenantField(), tenant));
  }
}

package com.matih.tenantmigration.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import co.elastic.clients.elasticsearch.ElasticsearchClient;
import co.elastic.clients.elasticsearch._types.Refresh;
import co.elastic.clients.json.jackson.JacksonJsonpMapper;
import co.elastic.clients.transport.ElasticsearchTransport;
import co.elastic.clients.transport.rest_client.RestClientTransport;
import com.matih.tenantmigration.embedded.testing.TestServers;
import java.io.IOException;
import java.util.Map;
import org.apache.http.HttpHost;
import org.elasticsearch.client.RestClient;
import org.junit.jupiter.api.Test;

class ElasticsearchServerIT {

  private final ElasticsearchServer server = TestServers.elasticsearch();

  @Test
  void documentsArePagedFromAPointInTime() throws IOException {
    try (ElasticsearchTransport transport =
        new RestClientTransport(
            RestClient.builder(HttpHost.create(server.url())).build(), new JacksonJsonpMapper())) {
      ElasticsearchClient client = new ElasticsearchClient(transport);
      client.indices().create(create -> create.index("queries"));
      client.bulk(
          bulk ->
              bulk.index("queries")
                  .refresh(Refresh.True)
                  .operations(
                      operation ->
                          operation.index(
                              index -> index.id("1").document(Map.of("tenant_id", "acme"))))
                  .operations(
                      operation ->
                          operation.index(
                              index -> index.id("2").document(Map.of("tenant_id", "zeta")))));

      String pointInTime =
          client
              .openPointInTime(open -> open.index("queries").keepAlive(time -> time.time("1m")))
              .id();
      var hits =
          client
              .search(
                  search ->
                      search
                          .source(source -> source.fetch(false))
                          .pit(pit -> pit.id(pointInTime))
                          .query(
                              query ->
                                  query.term(
                                      term -> term.field("tenant_id.keyword").value("acme"))),
                  Void.class)
              .hits()
              .hits();

      assertThat(hits).singleElement().satisfies(hit -> assertThat(hit.id()).isEqualTo("1"));
    }
  }
}

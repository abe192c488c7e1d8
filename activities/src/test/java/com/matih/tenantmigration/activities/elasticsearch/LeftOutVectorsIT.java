package com.matih.tenantmigration.activities.elasticsearch;

import static org.assertj.core.api.Assertions.assertThat;

import com.matih.tenantmigration.activities.engine.Finding;
import com.matih.tenantmigration.workflow.MigrationContext;
import java.io.IOException;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A real cluster that answers with sources as Elasticsearch 9.2 does: without their vectors. */
class LeftOutVectorsIT extends IndexLab {

  private static final String DOCUMENT =
      "{\"tenant_id\":\"acme-tenant-id\",\"vector\":[0.5,10.0,6.25]}";

  @BeforeEach
  void writeVectors() {
    shared.put(
        "/%s/_mapping".formatted(index.from()),
        "{\"properties\":{\"vector\":{\"type\":\"dense_vector\",\"dims\":3}}}");
    for (int i = 0; i < 20; i++) {
      shared.put("/%s/_doc/v%d?refresh=true".formatted(index.from(), i), DOCUMENT);
    }
  }

  @Test
  void vectorsThatAServerLeavesOutByDefaultAreAskedForAndMove() throws IOException {
    try (ClusterProxy sharedLater = new ClusterProxy(shared, new LeavesOutVectors(true));
        ClusterProxy dedicatedLater = new ClusterProxy(dedicated, new LeavesOutVectors(true))) {
      MigrationContext through =
          index.context(migrationId, sharedLater.url(), dedicatedLater.url());

      provisioner.provision(through, MONITOR);
      copier.copy(through, MONITOR);
      Finding finding = comparison.compare(through, MONITOR);

      assertThat(finding.namedMismatches()).isEmpty();
      assertThat(finding.comparedCount()).isEqualTo(20);
      assertThat(dedicated.source(index.to(), "v7")).isEqualTo(DOCUMENT);
    }
  }

  @Test
  void aFieldThatNoSourceTellsOfIsMissedByTheIndexItself() throws IOException {
    try (ClusterProxy sharedLater = new ClusterProxy(shared, new LeavesOutVectors(false));
        ClusterProxy dedicatedLater = new ClusterProxy(dedicated, new LeavesOutVectors(false))) {
      MigrationContext through =
          index.context(migrationId, sharedLater.url(), dedicatedLater.url());

      provisioner.provision(through, MONITOR);
      copier.copy(through, MONITOR);

      assertThat(comparison.compare(through, MONITOR).namedMismatches())
          .containsExactly(
              "index %s has field vector in no document, and the shared index finds it in some"
                  .formatted(index.to()));
    }
  }

  /**
   * Leaves the field out of every answer.
   *
   * @param knowsOption whether it is told not to, by what a server before 9.2 does not know
   */
  private record LeavesOutVectors(boolean knowsOption) implements ClusterProxy.Behaviour {

    private static final String IN_BODY = "\"_source\":{\"exclude_vectors\":false}";
    private static final String IN_TARGET = "_source_exclude_vectors=false";

    @Override
    public ClusterProxy.Call request(ClusterProxy.Call call) {
      return knowsOption
          ? new ClusterProxy.Call(
              call.target().replace(IN_TARGET, ""),
              call.body().replace(IN_BODY, "\"_source\":true"))
          : call;
    }

    @Override
    public Optional<ClusterProxy.Reply> answer(ClusterProxy.Call call) {
      return Optional.empty();
    }

    @Override
    public String response(ClusterProxy.Call call, String body) {
      boolean isAsked =
          knowsOption && (call.body().contains(IN_BODY) || call.target().contains(IN_TARGET));
      return isAsked ? body : body.replaceAll(",\"vector\":\\[[^]]*]", "");
    }
  }
}

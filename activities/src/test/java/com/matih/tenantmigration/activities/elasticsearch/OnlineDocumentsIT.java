package com.matih.tenantmigration.activities.elasticsearch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.matih.tenantmigration.activities.elasticsearch.client.BulkWriter;
import com.matih.tenantmigration.activities.elasticsearch.client.Hit;
import com.matih.tenantmigration.activities.elasticsearch.client.HitPage;
import com.matih.tenantmigration.activities.elasticsearch.client.SearchCluster;
import com.matih.tenantmigration.activities.engine.Finding;
import com.matih.tenantmigration.activities.engine.ProgressMonitor;
import com.matih.tenantmigration.activities.testing.CancellableMonitor;
import com.matih.tenantmigration.embedded.workload.documents.DocumentJudge;
import com.matih.tenantmigration.embedded.workload.documents.DocumentWorkload;
import com.matih.tenantmigration.embedded.workload.documents.DocumentWrite;
import com.matih.tenantmigration.workflow.CheckName;
import com.matih.tenantmigration.workflow.FailureType;
import com.matih.tenantmigration.workflow.MigrationException;
import com.matih.tenantmigration.workflow.activity.Following;
import com.matih.tenantmigration.workflow.report.CheckResult;
import com.matih.tenantmigration.workflow.report.Drained;
import com.matih.tenantmigration.workflow.request.ElasticsearchSpec;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A tenant that writes documents in all kinds of ways until the fence stands. */
@Order(1) // it takes long
@Execution(ExecutionMode.CONCURRENT) // each with indices of its own
class OnlineDocumentsIT extends OnlineIndexLab {

  private static final Logger log = LoggerFactory.getLogger(OnlineDocumentsIT.class);

  /** As many as the system property {@code online.seeds} says, for those who want to explore. */
  static IntStream seeds() {
    return IntStream.range(0, Integer.getInteger("online.seeds", 2)).map(number -> 11 + number);
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void documentsArriveAsTheyWereAcknowledgedAndNoneOfTheNeighbours(int seed) throws Exception {
    DocumentWorkload globex = DocumentWorkload.start(source, NEIGHBOUR, TENANT, seed + 1000, 10);
    DocumentWorkload acme = DocumentWorkload.start(source, TENANT, NEIGHBOUR, seed, 10);
    acme.awaitAcknowledged(120);
    provision();
    copy(MONITOR);
    acme.awaitAcknowledged(60);
    catchUp(MONITOR);
    acme.awaitAcknowledged(60);
    Finding verified = verify(MONITOR);
    assertThat(verified.namedMismatches()).isEmpty();
    assertThat(verified.comparedCount()).isPositive();
    assertThat(leak.findForeign(context.whileTenantWorks(), MONITOR).mismatchCount()).isZero();
    followUntilStopped(acme, 120);
    acme.close();
    globex.close();

    long begun = System.nanoTime();
    Drained drained = drain(MONITOR);
    log.info("Drained in {} ms: {}", (System.nanoTime() - begun) / 1_000_000, drained);

    assertThat(acme.journal().acknowledged()).containsKeys(DocumentWrite.values());
    assertThat(DocumentJudge.difference(TENANT, source, target)).isEmpty();
    assertThat(
            DocumentJudge.acknowledged(TENANT, List.of(acme.journal(), globex.journal()), target))
        .isEmpty();
    assertThat(drained.checks()).allMatch(result -> result.status() == CheckResult.Status.PASSED);
    assertThat(drained.stores().elasticsearch().indices())
        .singleElement()
        .extracting("documents")
        .isEqualTo(dedicated.count(target.name()));
    assertThat(quiet.findWrites(context, MONITOR).namedMismatches()).isEmpty();
    assertInService();
  }

  private void followUntilStopped(DocumentWorkload acme, int writes) throws Exception {
    CancellableMonitor following = CancellableMonitor.cancellingAfter(Long.MAX_VALUE);
    CompletableFuture<Void> follow =
        CompletableFuture.runAsync(
            () -> follower.follow(context.whileTenantWorks(), Following.UNTIL_STOPPED, following));
    acme.awaitAcknowledged(writes);
    await()
        .atMost(Duration.ofMinutes(2))
        .until(
            () ->
                following.latest().doing().startsWith("the last round")
                    && following.latest().done() > 0);
    following.cancel();
    assertThatThrownBy(follow::join)
        .hasCauseInstanceOf(MigrationException.class)
        .hasMessageContaining("cancelled");
    following.assertForecastIsOfWhatWasSeen();
  }

  private void assertInService() {
    JsonNode settings =
        dedicated.get("/" + target.name()).path(target.name()).at("/settings/index");
    assertThat(settings.path("gc_deletes").asText()).isEqualTo("0s");
    assertThat(settings.path("blocks").isMissingNode()).isTrue();
    assertThat(settings.path("default_pipeline").isMissingNode()).isTrue();
    assertThat(settings.path("refresh_interval").isMissingNode()).isTrue();
    assertThat(aliases()).contains("-copied-");
  }

  @Test
  void roundsThatAreKilledAnywhereAreTakenAgain() throws Exception {
    DocumentWorkload acme = DocumentWorkload.start(source, TENANT, NEIGHBOUR, 31, 10);
    acme.awaitAcknowledged(100);
    provision();
    int killed = 0;
    for (int step = 4; step <= 16; step += 4) {
      killed += isKilledAt(step, this::copy) ? 1 : 0;
    }
    copy(MONITOR);
    for (int step = 4; step <= 24; step += 2) {
      acme.awaitAcknowledged(15);
      killed += isKilledAt(step, this::catchUp) ? 1 : 0;
    }
    catchUp(MONITOR);
    assertThat(isKilledAt(20, this::verify)).isTrue();
    assertThat(verify(MONITOR).namedMismatches()).isEmpty();
    acme.awaitAcknowledged(50);
    acme.close();
    for (int step = 4; step <= 24; step += 4) {
      killed += isKilledAt(step, this::drain) ? 1 : 0;
    }
    Drained drained = drain(MONITOR);

    assertThat(killed).isGreaterThan(10);
    assertThat(drained.checks()).allMatch(result -> result.status() == CheckResult.Status.PASSED);
    assertThat(DocumentJudge.difference(TENANT, source, target)).isEmpty();
    assertThat(DocumentJudge.acknowledged(TENANT, List.of(acme.journal()), target)).isEmpty();
  }

  /** Whether an attempt that dies soon after a step dies of that. */
  private static boolean isKilledAt(int step, Consumer<ProgressMonitor> attempt) {
    Frozen dying = new Frozen(step);
    dying.letGo();
    try {
      attempt.accept(dying);
      return false;
    } catch (MigrationException e) {
      assertThat(e).hasMessageContaining("died");
      return true;
    }
  }

  @Test
  void aFieldThatComesWhileDocumentsAreFollowedIsMappedAsInTheSharedIndex() {
    fill(10);
    provision();
    copy(MONITOR);
    shared.put(
        "/%s/_mapping".formatted(source.name()),
        "{\"dynamic\":\"strict\",\"properties\":{\"code\":{\"type\":\"keyword\"}}}");
    put("later", "{\"tenant_id\":\"%s\",\"code\":\"2020-01-01\"}".formatted(TENANT));

    catchUp(MONITOR);

    JsonNode mappings = dedicated.get("/" + target.name()).path(target.name()).path("mappings");
    assertThat(mappings.at("/properties/code/type").asText()).isEqualTo("keyword");
    assertThat(mappings.at("/_meta/tenant_migration").asText()).isEqualTo(context.migrationId());
    assertThat(DocumentJudge.difference(TENANT, source, target)).isEmpty();
  }

  @Test
  void aDeletionThroughAnAliasThatIsGoneCreatesNothing() {
    fill(3);
    String gone = target.name() + "-gone";
    try (SearchCluster cluster =
        clients.dedicated(context.spec(ElasticsearchSpec.class), MONITOR)) {
      Hit hit =
          HitPage.read(
                  "{\"docs\":[{\"_id\":\"x\",\"_version\":1,\"_seq_no\":0,\"_primary_term\":1,\"found\":true}]}"
                      .getBytes(StandardCharsets.UTF_8))
              .hits()
              .get(0);
      BulkWriter writer =
          BulkWriter.deletingUnchanged(cluster, target.name(), gone, MONITOR, changed -> {});

      assertThatThrownBy(() -> writer.write(List.of(hit)))
          .isInstanceOf(MigrationException.class)
          .extracting("type")
          .isEqualTo(FailureType.WRITER_SUPERSEDED);
    }
    assertThat(dedicated.exists(gone)).isFalse();
  }

  @Test
  void aDocumentThatBeginsAnewAtALowerVersionReplacesTheOlderOne() throws Exception {
    put("x", "{\"tenant_id\":\"%s\",\"number\":1}".formatted(TENANT));
    put("x", "{\"tenant_id\":\"%s\",\"number\":2}".formatted(TENANT));
    put("x", "{\"tenant_id\":\"%s\",\"number\":3}".formatted(TENANT));
    provision();
    copy(MONITOR);
    shared.delete("/%s/_doc/x".formatted(source.name()));
    Thread.sleep(600);
    put("x", "{\"tenant_id\":\"%s\",\"number\":4}".formatted(TENANT));
    assertThat(version(shared, source.name())).isEqualTo(1);

    catchUp(MONITOR);

    assertThat(version(dedicated, target.name())).isEqualTo(1);
    assertThat(verify(MONITOR).namedMismatches()).isEmpty();
    Drained drained = drain(MONITOR);
    assertThat(drained.checks()).isEmpty();
    assertThat(DocumentJudge.difference(TENANT, source, target)).isEmpty();
  }

  private void put(String id, String document) {
    shared.put("/%s/_doc/%s".formatted(source.name(), id), document);
  }

  private static long version(TestCluster cluster, String index) {
    return cluster.get("/%s/_doc/x".formatted(index)).path("_version").asLong();
  }

  @Test
  void whatWasDeletedOrGivenAwayAfterTheLastRoundIsFoundUnderTheFence() {
    fill(500);
    provision();
    copy(MONITOR);
    catchUp(MONITOR);
    assertThat(verify(MONITOR).comparedCount()).isEqualTo(500);
    shared.delete("/%s/_doc/doc-7".formatted(source.name()));
    put("doc-8", "{\"tenant_id\":\"%s\"}".formatted(NEIGHBOUR));
    put("doc-9", "{\"tenant_id\":\"%s\",\"number\":99}".formatted(TENANT));

    Drained drained = drain(MONITOR);

    assertThat(drained.checks())
        .containsExactly(
            new CheckResult(CheckName.DOCUMENT_CONTENT, CheckResult.Status.PASSED, 3, List.of()));
    assertThat(drain(MONITOR)).as("a drain whose answer was lost").isEqualTo(drained);
    assertThat(dedicated.count(target.name())).isEqualTo(498);
    assertThat(DocumentJudge.difference(TENANT, source, target)).isEmpty();
  }

  @Test
  void aDocumentThatBecameAnotherTenantsTooFailsTheDrain() {
    fill(20);
    provision();
    copy(MONITOR);
    catchUp(MONITOR);
    assertThat(verify(MONITOR).mismatchCount()).isZero();
    put("doc-8", "{\"tenant_id\":[\"%s\",\"%s\"]}".formatted(TENANT, NEIGHBOUR));

    assertThat(drain(MONITOR).checks())
        .singleElement()
        .satisfies(
            result ->
                assertThat(result.mismatches())
                    .containsExactly(
                        "index %s has 1 document with another key than the tenant's in tenant_id"
                            .formatted(target.name())));
  }

  @Test
  void aDocumentThatWasWrittenAgainWithAnotherRoutingStays() {
    shared.delete("/" + source.name());
    source.create(1);
    put("x?routing=one", "{\"tenant_id\":\"%s\"}".formatted(TENANT));
    put("y", "{\"tenant_id\":\"%s\"}".formatted(TENANT));
    provision();
    copy(MONITOR);
    catchUp(MONITOR);
    put("x?routing=two", "{\"tenant_id\":\"%s\"}".formatted(TENANT));
    shared.delete("/%s/_doc/y".formatted(source.name()));

    Drained drained = drain(MONITOR);

    assertThat(drained.checks()).allMatch(result -> result.status() == CheckResult.Status.PASSED);
    assertThat(dedicated.count(target.name())).isEqualTo(1);
    assertThat(DocumentJudge.difference(TENANT, source, target)).isEmpty();
  }

  private void fill(int documents) {
    StringBuilder bulk = new StringBuilder();
    for (int i = 0; i < documents; i++) {
      bulk.append("{\"index\":{\"_id\":\"doc-%d\"}}\n".formatted(i))
          .append("{\"tenant_id\":\"%s\",\"number\":%d}\n".formatted(TENANT, i));
    }
    shared.post("/%s/_bulk".formatted(source.name()), bulk.toString());
  }

  @Test
  void aDocumentThatIsNotAsItWasCarriedOverFailsTheCheck() {
    fill(300);
    provision();
    copy(MONITOR);
    catchUp(MONITOR);
    String doc = "/%s/_doc/".formatted(target.name());
    dedicated.put(
        doc + "doc-3?version=1&version_type=external_gte", "{\"tenant_id\":\"acme-tenant-id\"}");
    dedicated.delete(doc + "doc-5");
    dedicated.put(doc + "theirs", "{\"tenant_id\":\"globex-tenant-id\"}");

    assertThat(verify(MONITOR).namedMismatches())
        .containsExactlyInAnyOrder(
            "document %s/doc-3 has different content".formatted(target.name()),
            "document %s/doc-5 is missing".formatted(target.name()),
            "index %s has 1 document without the tenant's key".formatted(target.name()));
  }

  @Test
  void anIndexThatIsReplacedWhileItIsFollowedEndsTheMove() {
    fill(10);
    provision();
    copy(MONITOR);
    catchUp(MONITOR);
    shared.delete("/" + source.name());
    assertSourceChanged("leads to 0 now");
    source.create(3);

    assertSourceChanged("was replaced by another index");
    assertThat(dedicated.count(target.name())).isEqualTo(10);
  }

  private void assertSourceChanged(String why) {
    assertThatThrownBy(() -> catchUp(MONITOR))
        .isInstanceOf(MigrationException.class)
        .hasMessageContaining(source.name())
        .hasMessageContaining(why)
        .extracting("type")
        .isEqualTo(FailureType.SOURCE_CHANGED);
  }

  @Test
  void aRollbackRemovesWhatWasFollowed() throws Exception {
    DocumentWorkload acme = DocumentWorkload.start(source, TENANT, NEIGHBOUR, 5, 10);
    acme.awaitAcknowledged(50);
    provision();
    copy(MONITOR);
    catchUp(MONITOR);
    acme.awaitAcknowledged(50);

    var unused = remover.deleteIndices(context, MONITOR);

    acme.awaitAcknowledged(20);
    acme.close();
    assertThat(dedicated.exists(target.name())).isFalse();
    assertThatThrownBy(() -> catchUp(MONITOR))
        .isInstanceOf(MigrationException.class)
        .extracting("type")
        .isEqualTo(FailureType.WORK_ENDED);
    assertThat(dedicated.exists(target.name())).isFalse();
  }

  @Test
  void anIndexThatWasThereBeforeGetsItsSettingsBack() {
    dedicated.put(
        "/" + target.name(),
        """
        {"settings": {"index": {"number_of_replicas": 0, "refresh_interval": "11s",
           "gc_deletes": "40s"}}}
        """);
    fill(10);
    provision();
    copy(MONITOR);
    catchUp(MONITOR);
    assertThat(setting("gc_deletes")).isEqualTo("0s");
    assertThat(setting("refresh_interval")).isEqualTo("11s");

    var unused = remover.deleteIndices(context, MONITOR);

    assertThat(setting("gc_deletes")).isEqualTo("40s");
    assertThat(setting("refresh_interval")).isEqualTo("11s");
    assertThat(setting("blocks")).isEmpty();
    assertThat(dedicated.count(target.name())).isZero();
    assertThat(aliases()).doesNotContain("-migration-");
  }

  private String setting(String name) {
    return dedicated
        .get("/" + target.name())
        .path(target.name())
        .at("/settings/index/" + name)
        .asText("");
  }
}

package com.matih.tenantmigration.activities.objectstorage.plan;

import static org.assertj.core.api.Assertions.assertThat;

import com.matih.tenantmigration.activities.engine.PlanNotes;
import com.matih.tenantmigration.activities.engine.ProgressMonitor;
import com.matih.tenantmigration.activities.objectstorage.client.ObjectEntry;
import com.matih.tenantmigration.activities.objectstorage.client.ObjectStore;
import com.matih.tenantmigration.activities.objectstorage.client.ObjectStores;
import com.matih.tenantmigration.activities.objectstorage.content.PartLayout;
import com.matih.tenantmigration.activities.testing.TestSecrets;
import com.matih.tenantmigration.workflow.StoreName;
import com.matih.tenantmigration.workflow.report.Refusal;
import com.matih.tenantmigration.workflow.report.StoresSummary;
import com.matih.tenantmigration.workflow.request.ObjectStorageSpec.Location;
import java.time.Instant;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class ObjectRulesTest {

  private final ObjectStore source =
      new ObjectStores(TestSecrets.of(name -> null))
          .open(location("shared", "tenants/acme/"), ProgressMonitor.unmonitored());
  private final PlanNotes notes = new PlanNotes(StoreName.OBJECT_STORAGE);

  @AfterEach
  void close() {
    source.close();
  }

  @Test
  void anOrdinaryObjectMoves() {
    assertThat(rules("").admits(object("a", 1, "STANDARD"))).isTrue();
    assertThat(refusals()).isEmpty();
  }

  @Test
  void whatCannotBeMovedIsNamed() {
    ObjectRules rules = rules("");
    rules.admits(object("archived", 1, "GLACIER"));
    rules.admits(object("huge", PartLayout.LARGEST_OBJECT + 1, "STANDARD"));
    rules.admits(object("", 1, "STANDARD"));

    assertThat(refusals())
        .extracting(Refusal::object)
        .containsExactly(
            "s3://shared/tenants/acme/archived",
            "s3://shared/tenants/acme/huge",
            "s3://shared/tenants/acme/");
  }

  @Test
  void aKeyThatGrowsTooLongIsNamed() {
    ObjectRules rules = rules("a-much-longer-prefix/");
    rules.admits(object("ü".repeat(501), 1, "STANDARD"));
    rules.admits(object("ü".repeat(502), 1, "STANDARD"));

    assertThat(refusals()).hasSize(1);
  }

  @Test
  void theFoldersOwnMarkerMovesOnlyWhereTheTargetHasAPrefix() {
    assertThat(rules("").admits(object("", 0, "STANDARD"))).isFalse();
    assertThat(rules("acme/").admits(object("", 0, "STANDARD"))).isTrue();
    assertThat(refusals()).isEmpty();
  }

  @Test
  void onlyTheFirstOnesAreNamed() {
    ObjectRules rules = rules("");
    IntStream.range(0, 100).forEach(i -> rules.admits(object("o" + i, 1, "DEEP_ARCHIVE")));

    assertThat(refusals()).hasSize(21);
    assertThat(refusals().get(20).reason()).startsWith("There are more objects");
  }

  private ObjectRules rules(String targetPrefix) {
    return new ObjectRules(source, location("dedicated", targetPrefix), notes);
  }

  private List<Refusal> refusals() {
    return notes.findings(StoresSummary.NONE).refusals();
  }

  private static Location location(String bucket, String prefix) {
    return new Location("http://127.0.0.1:1", "us-east-1", bucket, prefix, "key", "secret");
  }

  private static ObjectEntry object(String name, long size, String storageClass) {
    return new ObjectEntry(
        name, "tenants/acme/" + name, size, "\"e\"", Instant.EPOCH, storageClass);
  }
}

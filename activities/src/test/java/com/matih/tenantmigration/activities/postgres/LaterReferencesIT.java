package com.matih.tenantmigration.activities.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import com.matih.tenantmigration.activities.engine.Finding;
import com.matih.tenantmigration.activities.engine.ObjectPresence.Side;
import com.matih.tenantmigration.activities.engine.ProgressMonitor;
import com.matih.tenantmigration.activities.postgres.compare.DedicatedReferences;
import com.matih.tenantmigration.activities.testing.TestJournal;
import com.matih.tenantmigration.embedded.testing.TestServers;
import com.matih.tenantmigration.workflow.request.PostgresSpec.StorageReference;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A tenant that works goes on referring to objects: only what is new is followed again. */
class LaterReferencesIT {

  private static final String SHARED = "s3://shared-bucket/tenants/acme/";

  private CopyLab lab;
  private OnlineLab online;
  private DedicatedReferences references;
  private final Set<String> lost = new TreeSet<>();
  private final Set<String> lookedUp = new TreeSet<>();

  @BeforeEach
  void move(@TempDir Path folder) throws SQLException {
    lab =
        CopyLab.rows(
            folder, "shared", List.of(), List.of(), List.of(new StorageReference("files", "uri")));
    lab.source.execute(
        "CREATE SCHEMA shared",
        "CREATE TABLE shared.files (id int PRIMARY KEY, tenant_id text, uri text)",
        "INSERT INTO shared.files SELECT i, 'acme', '%s' || i FROM generate_series(1, 50) AS i"
            .formatted(SHARED));
    online = new OnlineLab(lab);
    references =
        new DedicatedReferences(
            TestDatabase.connections(TestServers.postgres(), TestServers.dedicatedPostgres()),
            TestJournal.shared(),
            (context, side, keys) -> missing(side, keys));
    online.capture();
    online.copy(1 << 20);
    online.finish();
    online.follow();
  }

  @AfterEach
  void drop() throws SQLException {
    online.remove();
    lab.close();
  }

  /** The shared side has all objects. */
  private Set<String> missing(Side side, Collection<String> keys) {
    if (side == Side.SHARED) {
      return Set.of();
    }
    lookedUp.addAll(keys);
    return keys.stream().filter(lost::contains).collect(Collectors.toSet());
  }

  private Finding followAll() {
    return references.follow(online.context.whileTenantWorks(), ProgressMonitor.unmonitored());
  }

  private Finding followLater() {
    lookedUp.clear();
    return references.followLater(online.context, ProgressMonitor.unmonitored());
  }

  @Test
  void onlyRowsThatCameAfterTheLastLookAreFollowed() throws SQLException {
    assertThat(followAll().comparedCount()).isEqualTo(50);
    lab.source.execute(
        "INSERT INTO shared.files VALUES (60, 'acme', '%snew'), (61, 'other', '%sothers')"
            .formatted(SHARED, SHARED),
        "UPDATE shared.files SET uri = '%schanged' WHERE id = 7".formatted(SHARED),
        "DELETE FROM shared.files WHERE id = 8");
    online.follow();

    Finding later = followLater();

    assertThat(later.namedMismatches()).isEmpty();
    assertThat(later.comparedCount()).isEqualTo(2);
    assertThat(lookedUp).containsExactly("changed", "new");
    assertThat(followLater().comparedCount()).isZero();
  }

  @Test
  void aLostObjectIsToldUntilItIsThere() throws SQLException {
    assertThat(followAll().namedMismatches()).isEmpty();
    lost.add("late");
    lab.source.execute("UPDATE shared.files SET uri = '%slate' WHERE id = 1".formatted(SHARED));
    online.follow();

    assertThat(followLater().namedMismatches())
        .singleElement()
        .asString()
        .contains("files.uri", "s3://acme-bucket/late");
    assertThat(followLater().mismatchCount()).isEqualTo(1);
    lost.clear();
    assertThat(followLater().mismatchCount()).isZero();
    assertThat(lookedUp).containsExactly("late");
  }
}

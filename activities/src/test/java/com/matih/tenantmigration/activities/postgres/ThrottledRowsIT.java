package com.matih.tenantmigration.activities.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import com.matih.tenantmigration.activities.testing.TestJournal;
import com.matih.tenantmigration.activities.testing.ThrottledWork;
import com.matih.tenantmigration.workflow.StoreName;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A table of 4 MB under a throttle. */
class ThrottledRowsIT {

  private static final long RANGES = 1 << 19;

  @TempDir Path folder;
  private CopyLab lab;

  @BeforeEach
  void prepare() throws SQLException {
    lab = CopyLab.rows(folder, "shared", List.of(), List.of(), List.of());
    lab.source.execute(
        "CREATE SCHEMA shared",
        "CREATE TABLE shared.events (id bigint PRIMARY KEY, tenant_id text, body text)",
        "INSERT INTO shared.events SELECT i, 'acme', repeat('x', 400) || i"
            + " FROM generate_series(1, 9600) i",
        "ANALYZE");
  }

  @AfterEach
  void close() throws SQLException {
    lab.close();
  }

  private ThrottledWork copy(long bytesPerSecond) throws SQLException {
    lab.takeSnapshot();
    lab.createSchema();
    return ThrottledWork.begin(
        TestJournal.shared(),
        ThrottledWork.bounded(lab.context(), bytesPerSecond),
        StoreName.POSTGRES,
        monitor -> {
          var unused = lab.copyRows(RANGES, monitor);
        });
  }

  @Test
  void rangesThatAreCopiedSideBySideKeepToTheBound() throws Exception {
    assertThat(copy(1_000_000).await()).isGreaterThan(Duration.ofSeconds(3));

    assertThat(lab.target.query("SELECT count(*) FROM shared.events")).containsExactly("9600");
  }

  @Test
  void aRoundKeepsToTheBound() throws Exception {
    OnlineLab online = new OnlineLab(lab);
    online.capture();
    online.copy(RANGES);
    online.finish();
    lab.source.execute("UPDATE shared.events SET body = body || 'y'");

    Duration followed =
        ThrottledWork.begin(
                TestJournal.shared(),
                ThrottledWork.bounded(online.context.whileTenantWorks(), 1_000_000L),
                StoreName.POSTGRES,
                monitor -> online.follow())
            .await();

    assertThat(followed).isGreaterThan(Duration.ofSeconds(3));
    assertThat(lab.target.query("SELECT count(*) FROM public.events WHERE body LIKE '%y'"))
        .containsExactly("9600");
  }

  @Test
  void aCopyThatWouldTakeHoursEndsSoonWhenTheBoundIsLifted() throws Exception {
    ThrottledWork copy = copy(100);
    Thread.sleep(2_000);
    assertThat(copy.isDone()).isFalse();

    copy.change(null);

    assertThat(copy.await()).isLessThan(Duration.ofSeconds(10));
    assertThat(lab.target.query("SELECT count(*) FROM shared.events")).containsExactly("9600");
  }
}

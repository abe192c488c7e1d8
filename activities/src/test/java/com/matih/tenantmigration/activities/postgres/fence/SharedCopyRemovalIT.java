package com.matih.tenantmigration.activities.postgres.fence;

import static org.assertj.core.api.Assertions.assertThat;

import com.matih.tenantmigration.activities.engine.ProgressMonitor;
import com.matih.tenantmigration.embedded.testing.TestServers;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** What the operations guide has an operator paste into psql to remove a shared copy. */
@Execution(ExecutionMode.CONCURRENT) // they wait, each for what is its own
class SharedCopyRemovalIT extends WriteFenceLab {

  private static final Path GUIDE = Path.of("..", "docs", "operations.md");
  private static final Pattern SECTION =
      Pattern.compile("### Remove the shared copy\n(.*?)\n## ", Pattern.DOTALL);
  private static final Pattern SQL = Pattern.compile("```sql\n(.*?)```", Pattern.DOTALL);
  private static final String SAMPLE_ID = "3f9a1c2b4d5e";

  @Test
  void theFenceOfAnOfflineMigrationIsRemoved() throws Exception {
    raise(fence);

    removesTheCopy();
  }

  @Test
  void theFenceOfAnOnlineMigrationIsRemoved() throws Exception {
    ChangeCapture capture = new ChangeCapture(fence, connections, journal);
    capture.begin(context(), ProgressMonitor.unmonitored());
    capture.raiseFence(context(), ProgressMonitor.unmonitored());

    removesTheCopy();
  }

  private void removesTheCopy() throws SQLException, IOException, InterruptedException {
    List<String> steps = steps();
    assertThat(steps).hasSize(2);
    refused("DELETE FROM shared.queries WHERE tenant_id = 'acme'");

    psql(steps.get(0));
    passes(
        "DELETE FROM shared.queries WHERE tenant_id = 'acme'",
        "DELETE FROM shared.events WHERE tenant_id = 'acme'");
    refused("INSERT INTO shared.queries VALUES (4, 'acme')");
    refused("TRUNCATE shared.runs");

    psql(steps.get(1));
    passes("INSERT INTO shared.queries VALUES (4, 'acme')");
    assertThat(
            database.query(
                "SELECT tgname FROM pg_trigger WHERE tgname LIKE '~~~%' UNION ALL SELECT proname"
                    + " FROM pg_proc WHERE proname LIKE 'fence_%' UNION ALL SELECT relname FROM"
                    + " pg_class WHERE relname LIKE 'fence_%'"))
        .isEmpty();
    assertThat(database.query("SELECT id FROM shared.runs")).containsExactly("20");
  }

  private static List<String> steps() throws IOException {
    Matcher section = SECTION.matcher(Files.readString(GUIDE));
    assertThat(section.find()).isTrue();
    return SQL.matcher(section.group(1)).results().map(found -> found.group(1)).toList();
  }

  private void psql(String sql) throws IOException, InterruptedException {
    assertThat(sql).contains(SAMPLE_ID);
    var server = TestServers.postgres();
    Process psql =
        new ProcessBuilder(
                "psql",
                "-X",
                "-q",
                "-v",
                "ON_ERROR_STOP=1",
                "postgresql://%s:%s@%s:%d/%s"
                    .formatted(
                        server.user(),
                        server.password(),
                        server.host(),
                        server.port(),
                        database.name()))
            .redirectErrorStream(true)
            .start();
    try (var input = psql.getOutputStream()) {
      input.write(sql.replace(SAMPLE_ID, migrationId).getBytes(StandardCharsets.UTF_8));
    }
    String answer = new String(psql.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(psql.waitFor()).as(answer).isZero();
  }
}

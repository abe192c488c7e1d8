package com.matih.tenantmigration.activities.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.matih.tenantmigration.activities.engine.ProgressMonitor;
import com.matih.tenantmigration.activities.engine.snapshot.FileSnapshotStorage;
import com.matih.tenantmigration.activities.engine.snapshot.PartCompression;
import com.matih.tenantmigration.activities.postgres.programs.ClientPrograms;
import com.matih.tenantmigration.activities.postgres.restore.SnapshotRestorer;
import com.matih.tenantmigration.activities.postgres.sql.TableName;
import com.matih.tenantmigration.embedded.PostgresServer;
import com.matih.tenantmigration.embedded.testing.TestServers;
import com.matih.tenantmigration.workflow.FailureType;
import com.matih.tenantmigration.workflow.MigrationException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A tenant with a schema of its own: its snapshot, and a database restored from that. */
class SnapshotRestoreIT {

  @TempDir static Path folder;
  private static CopyLab lab;

  private TestDatabase database;

  @BeforeAll
  static void migrate() throws SQLException {
    lab = CopyLab.schema(folder, "tenant_acme", List.of("left_behind"));
    RichSchema.create(lab.source, "tenant_acme");
    lab.migrate();
  }

  @AfterAll
  static void closeLab() throws SQLException {
    lab.close();
  }

  @BeforeEach
  void createDatabase() throws SQLException {
    database = TestDatabase.create(TestServers.dedicatedPostgres());
  }

  @AfterEach
  void dropDatabase() throws SQLException {
    database.close();
  }

  @Test
  void theTenantsSchemaMovesWhole() throws SQLException {
    for (String table : RichSchema.TABLES) {
      assertThat(CopyLab.rows(lab.target, new TableName("public", table), "true"))
          .as(table)
          .isEqualTo(rowsOfSource(table));
    }
  }

  @Test
  void aRestoredDatabaseHoldsTheTenantAsItWas() throws SQLException {
    SnapshotRestorer.Restored restored = restore(lab.snapshot.location());

    assertThat(restored.tenant()).isEqualTo("acme");
    assertThat(restored.schema()).isEqualTo("tenant_acme");
    for (String table : RichSchema.TABLES) {
      assertThat(CopyLab.rows(database, new TableName("tenant_acme", table), "true"))
          .as(table)
          .isEqualTo(rowsOfSource(table));
    }
    assertThat(database.query("SELECT last_value FROM tenant_acme.standalone"))
        .isEqualTo(lab.source.query("SELECT last_value FROM tenant_acme.standalone"));
    assertThat(database.query("SELECT n FROM tenant_acme.run_count"))
        .isEqualTo(lab.source.query("SELECT n FROM tenant_acme.run_count"));
    assertThat(database.query("SELECT tgname FROM pg_trigger WHERE NOT tgisinternal"))
        .containsExactly("tamper");
  }

  /** As versions wrote it that knew gzip alone. */
  @Test
  void aSnapshotOfAnEarlierVersionIsRestored() throws IOException, SQLException {
    Path copy = copyOfSnapshot();
    try (Stream<Path> files = Files.walk(copy)) {
      for (Path part : files.filter(file -> file.toString().endsWith(".zst")).toList()) {
        String gzip = part.getFileName().toString().replaceFirst("zst$", "gz");
        try (InputStream plain =
                PartCompression.plain(part.toString(), Files.newInputStream(part));
            OutputStream output =
                new GZIPOutputStream(Files.newOutputStream(part.resolveSibling(gzip)))) {
          plain.transferTo(output);
        }
        Files.delete(part);
      }
    }
    Path manifest = copy.resolve("manifest.json");
    String text = Files.readString(manifest);
    assertThat(text).containsPattern("\"formatVersion\" : 3").contains(".copy.zst\"");
    Files.writeString(
        manifest,
        text.replace("\"formatVersion\" : 3", "\"formatVersion\" : 1")
            .replace(".copy.zst\"", ".copy.gz\""));

    assertThat(restore("file:" + copy).rows()).isPositive();

    for (String table : RichSchema.TABLES) {
      assertThat(CopyLab.rows(database, new TableName("tenant_acme", table), "true"))
          .as(table)
          .isEqualTo(rowsOfSource(table));
    }
  }

  @Test
  void aDatabaseThatIsNotEmptyIsRefusedAndLeftAlone() throws SQLException {
    database.execute("CREATE TABLE precious (id int)");

    assertThatThrownBy(() -> restore(lab.snapshot.location()))
        .isInstanceOfSatisfying(
            MigrationException.class,
            e -> assertThat(e.type()).isEqualTo(FailureType.TARGET_NOT_EMPTY))
        .hasMessageContaining("is not empty: it contains table public.precious");
    assertThat(database.query("SELECT 1 FROM pg_namespace WHERE nspname = 'tenant_acme'"))
        .isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "SELECT lo_create(4711), large object 4711",
    "CREATE PUBLICATION everything FOR ALL TABLES, publication everything",
    "CREATE SCHEMA precious, schema precious",
  })
  void aDatabaseWithoutTablesIsNotEmptyWhereItHoldsAnythingElse(String sql, String object)
      throws SQLException {
    database.execute(sql);

    assertThatThrownBy(() -> restore(lab.snapshot.location()))
        .isInstanceOfSatisfying(
            MigrationException.class,
            e -> assertThat(e.type()).isEqualTo(FailureType.TARGET_NOT_EMPTY))
        .hasMessageContaining("is not empty: it contains " + object);
  }

  @Test
  void aSnapshotWithoutItsManifestIsRefused() throws IOException {
    Path copy = copyOfSnapshot();
    Files.delete(copy.resolve("manifest.json"));

    assertThatThrownBy(() -> restore("file:" + copy))
        .isInstanceOf(MigrationException.class)
        .hasMessageContaining("no sealed snapshot");
  }

  @Test
  void aDamagedPartIsFoundAndNotLoaded() throws IOException, SQLException {
    Path copy = copyOfSnapshot();
    Path part = largestPart(copy);
    byte[] bytes = Files.readAllBytes(part);
    bytes[bytes.length / 2] ^= 1;
    Files.write(part, bytes);

    assertThatThrownBy(() -> restore("file:" + copy))
        .isInstanceOf(MigrationException.class)
        .hasMessageContaining("partly filled");
    assertThat(
            database.query(
                "SELECT count(*) FROM pg_constraint WHERE connamespace ="
                    + " 'tenant_acme'::regnamespace AND contype = 'p'"))
        .as("it ended before the constraints")
        .containsExactly("0");
  }

  @Test
  void anExchangedPartIsFoundByItsDigest() throws IOException {
    Path copy = copyOfSnapshot();
    Path manifest = copy.resolve("manifest.json");
    String text = Files.readString(manifest);
    Files.writeString(
        manifest,
        text.replaceAll("(\"sha256\" : \")[0-9a-f]{4}(?=[0-9a-f]{60}\"\\s*} ?\\])", "$10000"));

    assertThatThrownBy(() -> restore("file:" + copy))
        .isInstanceOfSatisfying(
            MigrationException.class,
            e -> assertThat(e.type()).isEqualTo(FailureType.CONTENT_MISMATCH))
        .hasMessageContaining("is damaged");
  }

  private SnapshotRestorer.Restored restore(String location) {
    PostgresServer server = TestServers.dedicatedPostgres();
    return new SnapshotRestorer(new ClientPrograms(), 2)
        .restore(
            FileSnapshotStorage.at(location),
            server.jdbcUrl(database.name()),
            server.user(),
            server.password(),
            ProgressMonitor.unmonitored());
  }

  private static String rowsOfSource(String table) throws SQLException {
    return CopyLab.rows(lab.source, new TableName("tenant_acme", table), "true");
  }

  private Path copyOfSnapshot() throws IOException {
    Path from = Path.of(lab.snapshot.location().substring("file:".length()));
    Path to = Files.createTempDirectory(folder, "copy");
    try (Stream<Path> files = Files.walk(from)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        Path copy = to.resolve(from.relativize(file).toString());
        Files.createDirectories(copy.resolveSibling("."));
        Files.copy(file, copy);
      }
    }
    return to;
  }

  private static Path largestPart(Path snapshot) throws IOException {
    try (Stream<Path> files = Files.walk(snapshot.resolve("rows"))) {
      return files
          .filter(Files::isRegularFile)
          .max(java.util.Comparator.comparingLong(file -> file.toFile().length()))
          .orElseThrow();
    }
  }
}

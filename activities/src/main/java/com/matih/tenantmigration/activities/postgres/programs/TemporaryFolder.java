package com.matih.tenantmigration.activities.postgres.programs;

import com.matih.tenantmigration.workflow.FailureType;
import com.matih.tenantmigration.workflow.MigrationException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A folder on the worker's machine that ends with its block; only the worker's user can read it.
 */
public final class TemporaryFolder implements AutoCloseable {

  private static final Logger log = LoggerFactory.getLogger(TemporaryFolder.class);

  private final Path folder;

  public TemporaryFolder() {
    try {
      folder = Files.createTempDirectory("tenant-migration-");
    } catch (IOException e) {
      throw failure("create a folder for temporary files", e);
    }
  }

  public Path file(String name) {
    return folder.resolve(name);
  }

  public static MigrationException failure(String doing, IOException e) {
    return new MigrationException(
        FailureType.STORE_ERROR,
        "The worker could not %s (%s). Check that the folder java.io.tmpdir names is writable and has"
                .formatted(doing, e.getClass().getSimpleName())
            + " room.",
        e);
  }

  @Override
  public void close() {
    try (Stream<Path> files = Files.walk(folder)) {
      List<Path> deepestFirst = files.sorted(Comparator.reverseOrder()).toList();
      for (Path file : deepestFirst) {
        Files.deleteIfExists(file);
      }
    } catch (IOException e) {
      log.warn("temporary files stay behind in {}", folder, e);
    }
  }
}

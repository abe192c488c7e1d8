package com.matih.tenantmigration.worker;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Isolated;

/** A worker on a machine whose user has a profile of Temporal's command line. */
@Isolated("the home that it changes is the whole process's")
class UserProfileIT {

  @Test
  void aProfileOfTheUsersDoesNotReachAWorkerThatIsToldWhereItsTemporalIs(@TempDir Path other)
      throws Exception {
    Path folder = Files.createDirectories(other.resolve(".config/temporalio"));
    Files.writeString(
        folder.resolve("temporal.toml"),
        """
        [profile.default]
        namespace = "nowhere"
        api_key = "secret"
        """);
    try (TestPlatform platform = new TestPlatform()) {
      String home = System.setProperty("user.home", other.toString());
      try {
        assertThat(platform.startWorker().isReady()).isTrue();
      } finally {
        System.setProperty("user.home", home);
      }
    }
  }
}

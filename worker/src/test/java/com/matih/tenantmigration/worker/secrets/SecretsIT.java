package com.matih.tenantmigration.worker.secrets;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** No secret leaves the worker's memory, wherever people and programs read of its migrations. */
@Order(1) // it takes long
class SecretsIT {

  private static final SecretSearch SECRETS = new SecretSearch(PlantedSecrets.WORDS);

  @TempDir private static Path folder;
  private static List<Place> places = List.of();

  @BeforeAll
  static void migrate() throws Exception {
    try (Scenarios scenarios = new Scenarios(folder)) {
      places = scenarios.play();
    }
  }

  static Stream<Place> places() {
    return places.stream();
  }

  @ParameterizedTest
  @MethodSource("places")
  void noSecretStandsWhereTheSameSearchFindsWhatIsKnown(Place place) {
    for (String known : place.known()) {
      assertThat(new SecretSearch(known).in(place.content())).as(known).isNotEmpty();
    }
    assertThat(SECRETS.in(place.content())).isEmpty();
  }

  /** The heap has all secrets in it. */
  @ParameterizedTest
  @ValueSource(strings = {"Dockerfile", "docker-compose.yml", "bin/tenant-migration"})
  void nothingThatIsShippedWritesTheHeapToTheDisk(String file) throws IOException {
    assertThat(Files.readString(Path.of("..", file)))
        .contains("worker")
        .doesNotContainIgnoringCase("HeapDump");
  }
}

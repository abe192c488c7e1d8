package com.matih.tenantmigration.worker;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.matih.tenantmigration.worker.HostileRequests.Hostile;
import com.matih.tenantmigration.workflow.request.validation.RequestReader;
import com.matih.tenantmigration.workflow.request.validation.RequestReading;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Requests that are refused by themselves: no worker and no store sees them. */
class HostileRequestsTest {

  static final Map<String, String> NAMES = names();

  private static Map<String, String> names() {
    Map<String, String> names = new HashMap<>();
    names.put("tenant", "acme");
    names.put("folder", "/snapshots");
    names.put("sharedJdbc", "jdbc:postgresql://shared.example/shared");
    names.put("dedicatedJdbc", "jdbc:postgresql://dedicated.example/acme");
    names.put("sharedUser", "migrator");
    names.put("dedicatedUser", "migrator");
    for (String side : new String[] {"shared", "dedicated"}) {
      names.put(side + "S3", "http://s3." + side + ".example:9000");
      names.put(side + "Kafka", "kafka." + side + ".example:9092");
      names.put(side + "Elasticsearch", "http://es." + side + ".example:9200");
      names.put(side + "Redis", "redis://redis." + side + ".example:6379");
    }
    return names;
  }

  static Stream<Hostile> refusedByThemselves() {
    return HostileRequests.of(2);
  }

  @ParameterizedTest
  @MethodSource("refusedByThemselves")
  void aHostileRequestIsRefusedWithWhatWhereAndWhatToDo(Hostile request) {
    RequestReading reading = new RequestReader(new YAMLFactory()).read(request.on(NAMES));

    assertThat(reading.request()).isEmpty();
    String said =
        reading.problems().stream().map(Object::toString).collect(Collectors.joining("\n"));
    assertThat(said).contains(request.says()).doesNotContain("hunter2").hasSizeLessThan(50_000);
    assertThat(said.chars()).noneMatch(character -> character < ' ' && character != '\n');
    assertThat(reading.problems()).allMatch(problem -> problem.remedy().length() > 5);
  }

  @Test
  void theRequestThatTheyAreMadeFromIsGood() {
    assertThat(
            new RequestReader(new YAMLFactory()).read(HostileRequests.base().on(NAMES)).problems())
        .isEmpty();
  }

  @Test
  void thereAreMoreThanAHundredAndFiftyOfThem() {
    assertThat(HostileRequests.all()).hasSizeGreaterThan(150);
  }
}

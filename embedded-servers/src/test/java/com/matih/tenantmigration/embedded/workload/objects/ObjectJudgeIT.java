package com.matih.tenantmigration.embedded.workload.objects;

import static org.assertj.core.api.Assertions.assertThat;

import com.matih.tenantmigration.embedded.testing.TestServers;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.S3Client;

/** A judge that could not find anything would prove nothing. */
class ObjectJudgeIT {

  private static final ObjectPlace PLACE =
      new ObjectPlace(TestServers.s3(), "judged-objects", "tenants/acme/");

  @Test
  void whatWasAcknowledgedIsThereAndWhatWasChangedBehindTheWritersIsFound() throws Exception {
    try (S3Client s3 = PLACE.connect()) {
      s3.createBucket(create -> create.bucket(PLACE.bucket()));
      ObjectWorkload workload = ObjectWorkload.start(PLACE, 3, 2, Duration.ofMillis(1));
      workload.awaitAcknowledged(150, Duration.ofMinutes(2));
      workload.close();
      assertThat(ObjectJudge.acknowledged(workload.journal(), PLACE)).isEmpty();

      List<String> names =
          workload.journal().states().entrySet().stream()
              .filter(entry -> entry.getValue().filter(there -> there.size() > 0).isPresent())
              .map(Map.Entry::getKey)
              .sorted()
              .toList();
      s3.deleteObject(delete -> delete.bucket(PLACE.bucket()).key(key(names.get(0))));
      put(s3, names.get(1), "other content", Map.of());
      put(s3, "stranger", "", Map.of());

      assertThat(ObjectJudge.acknowledged(workload.journal(), PLACE))
          .hasSize(3)
          .anyMatch(text -> text.startsWith(names.get(0)) && text.contains("nothing in"))
          .anyMatch(text -> text.startsWith(names.get(1)))
          .anyMatch(text -> text.startsWith("stranger: nothing in acknowledged"));
    }
  }

  private static void put(S3Client s3, String name, String content, Map<String, String> metadata) {
    var unused =
        s3.putObject(
            put -> put.bucket(PLACE.bucket()).key(key(name)).metadata(metadata),
            RequestBody.fromString(content));
  }

  private static String key(String name) {
    return PLACE.prefix() + name;
  }
}

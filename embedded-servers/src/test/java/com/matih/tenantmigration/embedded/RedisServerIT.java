package com.matih.tenantmigration.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import com.matih.tenantmigration.embedded.process.ServerFolder;
import com.matih.tenantmigration.embedded.testing.TestServers;
import io.lettuce.core.RedisClient;
import io.lettuce.core.SetArgs;
import io.lettuce.core.api.sync.RedisCommands;
import java.time.Duration;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

class RedisServerIT {

  @Test
  void itKeepsAValueAndItsTimeToLive() {
    with(
        TestServers.redis(),
        redis -> {
          redis.set("greeting", "hello", SetArgs.Builder.ex(Duration.ofSeconds(100)));

          assertThat(redis.get("greeting")).isEqualTo("hello");
          assertThat(redis.ttl("greeting")).isBetween(90L, 100L);
        });
  }

  @Test
  void itEvictsNothingUnlessToldOtherwise() {
    with(
        TestServers.redis(),
        redis ->
            assertThat(redis.configGet("maxmemory-policy"))
                .containsEntry("maxmemory-policy", "noeviction"));
  }

  @Test
  void aFrequencyPolicyMakesItCountAccesses() {
    try (ServerFolder folder = ServerFolder.temporary("redis-it-");
        RedisServer server = RedisServer.start(folder, "lfu", "allkeys-lfu")) {
      with(
          server,
          redis -> {
            redis.set("hot", "1");

            assertThat(redis.objectFreq("hot")).isPositive();
          });
    }
  }

  private static void with(RedisServer server, Consumer<RedisCommands<String, String>> test) {
    RedisClient client = RedisClient.create(server.uri());
    try (var connection = client.connect()) {
      test.accept(connection.sync());
    } finally {
      client.shutdown();
    }
  }
}

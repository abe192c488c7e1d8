package com.matih.tenantmigration.activities.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.matih.tenantmigration.activities.secrets.SecretResolver;
import com.matih.tenantmigration.activities.testing.TestSecrets;
import com.matih.tenantmigration.workflow.FailureType;
import com.matih.tenantmigration.workflow.MigrationException;
import com.matih.tenantmigration.workflow.request.RedisSpec;
import java.util.List;
import org.junit.jupiter.api.Test;

/** How a cache is reached. */
class RedisConnectionsIT extends CacheLab {

  @Test
  void aPasswordOfAnyCharactersIsGivenAsItIs() {
    String password = "p@ss/w:rd%20+#";
    dedicated.configSet("requirepass", password);
    try {
      SecretResolver withPassword = TestSecrets.of(name -> password);
      RedisSpec spec =
          new RedisSpec(
              new RedisSpec.Source(sharedServer.uri(), ""),
              new RedisSpec.Target(
                  dedicatedServer.uri().replace("redis://", "redis://:${env:REDIS_PASSWORD}@")),
              List.of());
      try (Cache cache = new RedisConnections(withPassword).dedicated(spec, MONITOR)) {
        String answer = cache.call("answer", redis -> redis.ping());
        assertThat(answer).isEqualTo("PONG");
      }
      SecretResolver wrong = TestSecrets.of(name -> "wrong");
      assertThatThrownBy(() -> new RedisConnections(wrong).dedicated(spec, MONITOR))
          .isInstanceOf(MigrationException.class)
          .hasMessageNotContaining("wrong")
          .extracting("type")
          .isEqualTo(FailureType.PERMISSION_DENIED);
    } finally {
      dedicated.configSet("requirepass", "");
    }
  }
}

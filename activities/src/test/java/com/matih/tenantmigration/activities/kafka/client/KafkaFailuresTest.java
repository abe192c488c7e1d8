package com.matih.tenantmigration.activities.kafka.client;

import static org.assertj.core.api.Assertions.assertThat;

import com.matih.tenantmigration.workflow.FailureType;
import com.matih.tenantmigration.workflow.MigrationException;
import java.util.List;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.errors.InvalidConfigurationException;
import org.apache.kafka.common.errors.NotEnoughReplicasException;
import org.apache.kafka.common.errors.ProducerFencedException;
import org.apache.kafka.common.errors.SaslAuthenticationException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.junit.jupiter.api.Test;

class KafkaFailuresTest {

  private static MigrationException translate(Throwable thrown) {
    return KafkaFailures.translate(Call.of("do it"), "The cluster", thrown);
  }

  @Test
  void wrappersAreLookedThrough() {
    assertThat(translate(new ExecutionException(new TopicAuthorizationException("t"))).type())
        .isEqualTo(FailureType.PERMISSION_DENIED);
    assertThat(translate(new KafkaException("x", new ProducerFencedException("f"))).type())
        .isEqualTo(FailureType.WRITER_SUPERSEDED);
  }

  @Test
  void whatMayPassIsRetryable() {
    assertThat(translate(new TimeoutException("t")).type())
        .isEqualTo(FailureType.STORE_UNREACHABLE);
    assertThat(translate(new NotEnoughReplicasException("t")).type())
        .isEqualTo(FailureType.STORE_ERROR);
    assertThat(translate(new ConfigException("No resolvable bootstrap urls given")).type())
        .isEqualTo(FailureType.STORE_UNREACHABLE);
  }

  @Test
  void whatABrokerSaysOfSettingsIsPassedOn() {
    MigrationException failure =
        translate(new InvalidConfigurationException("Unknown topic config name: x"));

    assertThat(failure.type()).isEqualTo(FailureType.BAD_REQUEST);
    assertThat(failure).hasMessageContaining("Unknown topic config name: x");
  }

  @Test
  void whatAClientSaysIsNot() {
    assertThat(translate(new SaslAuthenticationException("password=hunter2")))
        .hasMessageNotContaining("hunter2");
    assertThat(translate(new KafkaException(new ConfigException("jaas", "hunter2", "bad"))))
        .hasMessageNotContaining("hunter2")
        .extracting(MigrationException::type)
        .isEqualTo(FailureType.BAD_REQUEST);
  }

  @Test
  void whatMayQuoteASettingDoesNotEvenGetIntoTheLog() {
    for (Throwable quoting :
        List.of(
            new ConfigException("sasl.jaas.config", "password=hunter2", "bad"),
            new KafkaException("no client", new ConfigException("jaas", "hunter2", "bad")),
            new KafkaException("no client", new IllegalArgumentException("password=hunter2")),
            new ConfigException("No resolvable bootstrap urls given in hunter2"))) {
      MigrationException failure = translate(quoting);

      assertThat(failure).hasNoCause().hasMessageNotContaining("hunter2");
      assertThat(failure.getMessage()).contains(rootName(quoting));
    }
    assertThat(translate(new TimeoutException("t"))).hasCauseInstanceOf(TimeoutException.class);
  }

  private static String rootName(Throwable thrown) {
    return thrown.getCause() == null
        ? thrown.getClass().getSimpleName()
        : thrown.getCause().getClass().getSimpleName();
  }

  @Test
  void knownFailureStaysWhatItIs() {
    MigrationException known = new MigrationException(FailureType.CANCELLED, "stop");

    assertThat(translate(new KafkaException(known))).isSameAs(known);
  }
}

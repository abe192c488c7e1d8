package com.matih.tenantmigration.activities.kafka.client;

import static org.assertj.core.api.Assertions.assertThat;

import com.matih.tenantmigration.workflow.FailureType;
import java.util.Arrays;
import java.util.List;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.common.protocol.Errors;
import org.junit.jupiter.api.Test;

class KafkaErrorsTest {

  @Test
  void everyErrorOfTheProtocolHasADecision() {
    assertThat(KafkaErrors.types()).containsOnlyKeys(Errors.values());
  }

  @Test
  void whatKafkaItselfCallsRetriableIsTriedAgain() {
    List<Errors> given =
        Arrays.stream(Errors.values())
            .filter(error -> error.exception() instanceof RetriableException)
            .filter(error -> !KafkaErrors.types().get(error).retryable())
            .toList();

    assertThat(given).isEmpty();
  }

  @Test
  void whatABrokerRefusesOfARecordIsFinal() {
    for (Errors error :
        List.of(
            Errors.MESSAGE_TOO_LARGE,
            Errors.RECORD_LIST_TOO_LARGE,
            Errors.INVALID_RECORD,
            Errors.INVALID_TIMESTAMP,
            Errors.INVALID_CONFIG,
            Errors.TOPIC_AUTHORIZATION_FAILED,
            Errors.POLICY_VIOLATION,
            Errors.UNSUPPORTED_VERSION)) {
      assertThat(KafkaErrors.typeOf(error.exception()).retryable()).as(error.name()).isFalse();
    }
    assertThat(KafkaErrors.typeOf(new IllegalStateException())).isEqualTo(FailureType.STORE_ERROR);
  }
}

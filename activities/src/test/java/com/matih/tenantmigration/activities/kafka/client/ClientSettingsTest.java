package com.matih.tenantmigration.activities.kafka.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.matih.tenantmigration.activities.secrets.SecretResolver;
import com.matih.tenantmigration.activities.testing.TestSecrets;
import com.matih.tenantmigration.workflow.MigrationException;
import com.matih.tenantmigration.workflow.request.KafkaSpec;
import java.util.Map;
import org.apache.kafka.common.config.types.Password;
import org.apache.kafka.common.security.JaasContext;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ClientSettingsTest {

  private static final String LOGIN =
      "org.apache.kafka.common.security.plain.PlainLoginModule required username=\"m\""
          + " password=\"${env:P}\";";

  @ParameterizedTest
  @ValueSource(
      strings = {"plain", "a\"; evil.Module required x=\"", "back\\slash", "two\nlines", "'$;"})
  void aPasswordInALoginStandsForItselfAndForNoOtherLogin(String password) {
    Map<String, Object> settings =
        settings(TestSecrets.of(name -> password), Map.of("sasl.jaas.config", LOGIN));

    JaasContext login =
        JaasContext.loadClientContext(
            Map.of("sasl.jaas.config", new Password(settings.get("sasl.jaas.config").toString())));

    assertThat(login.configurationEntries())
        .singleElement()
        .satisfies(
            entry -> assertThat((Object) entry.getOptions().get("password")).isEqualTo(password));
  }

  @Test
  void aDeviceIsNoTrustStore() {
    assertThatThrownBy(
            () ->
                settings(
                    TestSecrets.of(name -> null), Map.of("ssl.truststore.location", "/dev/zero")))
        .isInstanceOf(MigrationException.class)
        .hasMessageContaining("not a regular file");
  }

  private static Map<String, Object> settings(
      SecretResolver secrets, Map<String, String> properties) {
    return new ClientSettings(new KafkaSpec.Cluster("localhost:1", properties), secrets, "m")
        .admin();
  }
}

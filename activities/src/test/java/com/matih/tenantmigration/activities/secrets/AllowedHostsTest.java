package com.matih.tenantmigration.activities.secrets;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.matih.tenantmigration.workflow.MigrationException;
import java.net.UnknownHostException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AllowedHostsTest {

  @ParameterizedTest
  @ValueSource(
      strings = {
        "http://169.254.169.254/latest/meta-data",
        "http://user:${env:X}@169.254.169.254/",
        "http://2852039166/",
        "http://169.254.43518/",
        "http://[fe80::1]/",
        "http://[fd00:ec2::254]/",
        "http://[::ffff:169.254.169.254]/",
        "http://[64:ff9b::a9fe:a9fe]/",
        "http://100.100.100.200/",
        "http://metadata.google.internal/",
        "http://METADATA.google.internal./",
        "http://0.0.0.0:9200",
        "http://[::]:9200",
        "http://224.0.0.1",
        "jdbc:postgresql://127.0.0.1:5432,169.254.169.254:5432/acme",
        "redis://:${file:/a@b}@169.254.0.1:6379",
        "127.0.0.1:9092, 169.254.1.1:9092",
      })
  void byDefaultNobodyIsSentToLinkLocalAndMetadataAddresses(String address) {
    assertThatThrownBy(() -> AllowedHosts.DEFAULT.requireAll(address))
        .isInstanceOf(MigrationException.class)
        .hasMessageContaining("hosts.allow");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "http://127.0.0.1:1",
        "http://localhost",
        "http://10.1.2.3",
        "redis://[::1]:6379",
        "jdbc:postgresql://192.168.1.1/x",
        "http://no-such-host.invalid"
      })
  void everythingElseMayBeAsked(String address) {
    assertThatCode(() -> AllowedHosts.DEFAULT.requireAll(address)).doesNotThrowAnyException();
  }

  @Test
  void aListOfWhatIsAllowedAllowsNothingElse() {
    AllowedHosts hosts =
        new AllowedHosts(List.of("10.0.0.0/8", "localhost"), List.of("10.9.0.0/16"));

    assertThatCode(() -> hosts.requireAll("http://10.1.2.3")).doesNotThrowAnyException();
    assertThatCode(() -> hosts.requireAll("http://localhost:80")).doesNotThrowAnyException();
    assertThatThrownBy(() -> hosts.requireAll("http://10.9.1.1")).hasMessageContaining("10.9.1.1");
    assertThatThrownBy(() -> hosts.requireAll("http://192.168.0.1"))
        .isInstanceOf(MigrationException.class);
  }

  @Test
  void aHostIsDeniedByItsNameAndByItsDomainAndNoOtherIs() {
    AllowedHosts hosts =
        new AllowedHosts(List.of(), List.of("vault.invalid", "*.internal.invalid"));

    for (String denied : List.of("vault.invalid", "VAULT.invalid.", "db.internal.invalid")) {
      assertThatThrownBy(() -> hosts.require(denied)).hasMessageContaining(denied);
    }
    for (String other : List.of("vault2.invalid", "a.vault.invalid", "db.notinternal.invalid")) {
      assertThatCode(() -> hosts.require(other)).doesNotThrowAnyException();
    }
  }

  /** For clients that connect to the addresses that they are given. */
  @Test
  void noAddressIsGivenThatMayNotBeAsked() throws UnknownHostException {
    assertThat(AllowedHosts.DEFAULT.resolve("127.0.0.1")).isNotEmpty();
    assertThatThrownBy(() -> AllowedHosts.DEFAULT.resolve("169.254.169.254"))
        .isInstanceOf(MigrationException.class);
  }

  @Test
  void onlyAnAddressThatIsNamedOverrulesTheDefault() {
    String metadata = "http://169.254.169.254";

    assertThatCode(
            () -> new AllowedHosts(List.of("169.254.169.254"), List.of()).requireAll(metadata))
        .doesNotThrowAnyException();
    assertThatThrownBy(
            () -> new AllowedHosts(List.of("*.internal"), List.of()).requireAll(metadata))
        .isInstanceOf(MigrationException.class);
  }
}

package com.matih.tenantmigration.activities.secrets;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.matih.tenantmigration.workflow.FailureType;
import com.matih.tenantmigration.workflow.MigrationException;
import io.lettuce.core.RedisURI;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SecretResolverTest {

  private static final Map<String, String> ENVIRONMENT =
      Map.of("TENANT_MIGRATION_SECRET_DB", "s3cret-value", "HOME", "/home/somebody");

  private final SecretResolver strict = new SecretResolver(ENVIRONMENT::get);

  @TempDir private Path folder;

  @Test
  void withoutAWordFromTheOperatorOnlyOnePrefixAndOneFolderMayBeReferredTo() {
    assertThat(strict.resolve("${env:TENANT_MIGRATION_SECRET_DB}")).isEqualTo("s3cret-value");
    assertRefused(strict, "${env:HOME}", "${env:HOME}", "references.variables");
    assertRefused(strict, "${file:/etc/hostname}", "${file:/etc/hostname}", "references.folders");
  }

  @Test
  void aVariableIsAllowedByItsWholeNameOrByWhatItBeginsWith() {
    SecretResolver secrets =
        new SecretResolver(
            name -> "value",
            new AllowedReferences(List.of("APP_*", "DB"), List.of()),
            AllowedHosts.DEFAULT);

    assertThat(secrets.resolve("${env:APP_X} ${env:DB}")).isEqualTo("value value");
    for (String other : List.of("MY_APP_X", "APP", "DB2", "MY_DB", "db")) {
      assertRefused(secrets, "${env:" + other + "}", "references.variables");
    }
  }

  @Test
  void whatIsAllowedAndNotThereIsMissingByName() {
    assertThatThrownBy(() -> strict.resolve("${env:TENANT_MIGRATION_SECRET_X}"))
        .asInstanceOf(InstanceOfAssertFactories.type(MigrationException.class))
        .satisfies(
            e -> {
              assertThat(e.type()).isEqualTo(FailureType.SECRET_MISSING);
              assertThat(e).hasMessageContaining("TENANT_MIGRATION_SECRET_X");
            });
  }

  @Test
  void aFileOfAnAllowedFolderIsReadAlsoThroughALinkWithinIt() throws IOException {
    Files.writeString(folder.resolve("password"), "s3cret\n");
    Files.createSymbolicLink(folder.resolve("link"), Path.of("password"));

    assertThat(inFolder().resolve("${file:" + folder + "/password}")).isEqualTo("s3cret");
    assertThat(inFolder().resolve("${file:" + folder + "/link}")).isEqualTo("s3cret");
  }

  @Test
  void neitherALinkNorDotsLeadOutOfTheFolder(@TempDir Path elsewhere) throws IOException {
    Path outside = Files.writeString(elsewhere.resolve("outside"), "not yours");
    Files.createSymbolicLink(folder.resolve("link"), outside);

    for (String path : List.of("/link", "/../" + elsewhere.getFileName() + "/outside")) {
      assertRefused(inFolder(), "${file:" + folder + path + "}", "references.folders");
    }
    assertRefused(inFolder(), "${file:relative}", "references.folders");
  }

  @Test
  @Timeout(20) // a pipe is waited for, and a device never ends
  void whatIsNoRegularFileOfAModestSizeIsNotOpened() throws Exception {
    Path pipe = folder.resolve("pipe");
    assertThat(new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor()).isZero();
    Files.writeString(folder.resolve("large"), "x".repeat(SecretFile.MOST_BYTES + 1));
    Files.createDirectory(folder.resolve("folder"));

    for (String name : List.of("pipe", "large", "folder")) {
      assertRefused(
          inFolder(),
          "${file:" + folder + "/" + name + "}",
          "not a regular file of at most 64 KiB");
    }
    SecretResolver devices =
        new SecretResolver(
            name -> null, new AllowedReferences(List.of(), List.of("/dev")), AllowedHosts.DEFAULT);
    assertRefused(devices, "${file:/dev/zero}", "not a regular file");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"a@b", "a:b", "a/b", "a%2Fb", "a?b", "a#b", "a b+c", "ß§€", "${env:X}", "\\\"'"})
  void aPasswordInAnAddressStandsForItselfWhateverItsCharacters(String password) {
    SecretResolver secrets = SecretResolver.ofOperator(name -> password);

    String address = secrets.resolveAddress("https://user:${env:P}@host:9200/path?q=1");
    assertThat(URI.create(address).getUserInfo()).isEqualTo("user:" + password);
    assertThat(URI.create(address).getHost()).isEqualTo("host");
    RedisURI redis = RedisURI.create(secrets.resolveAddress("rediss://app:${env:P}@cache:6380/2"));
    assertThat(redis.getHost()).isEqualTo("cache");
    assertThat(redis.getDatabase()).isEqualTo(2);
    assertThat(redis.getCredentialsProvider().resolveCredentials().block().getPassword())
        .isEqualTo(password.toCharArray());
  }

  @Test
  void aReferenceElsewhereInAnAddressIsNotResolved() {
    SecretResolver secrets = SecretResolver.ofOperator(name -> "s3cret-value");

    for (String address :
        List.of("https://host/${env:P}", "https://host/?k=${env:P}", "https://${env:P}/")) {
      assertThat(secrets.resolveAddress(address)).isEqualTo(address);
    }
  }

  @Test
  void whatWasResolvedIsScrubbedInEachOfItsForms() {
    String value = "S3cret/with@signs+\"quotes\"";
    var unused = SecretResolver.ofOperator(name -> value).resolve("${env:P}");

    assertThat(
            ResolvedSecrets.scrub(
                "got "
                    + value
                    + " and S3cret%2Fwith%40signs%2B%22quotes%22 and {\"p\":\""
                    + value.replace("\"", "\\\"")
                    + "\"}"))
        .isEqualTo("got *** and *** and {\"p\":\"***\"}");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "u:", "us:", "user:"})
  void whatWasResolvedIsScrubbedWithinALoginInBase64(String before) {
    String value = "S3cret?of>login~" + before;
    ResolvedSecrets.note(value);

    for (String behind : List.of("", "@", "@h")) {
      byte[] login = (before + value + behind).getBytes(StandardCharsets.UTF_8);
      for (Base64.Encoder encoder : List.of(Base64.getEncoder(), Base64.getUrlEncoder())) {
        assertThat(ResolvedSecrets.scrub("Basic " + encoder.encodeToString(login) + " sent"))
            .matches("Basic [\\w+/]{0,7}\\*\\*\\*[\\w+/]{0,4}=* sent");
      }
    }
  }

  @Test
  void aShortValueIsScrubbedOnlyWhereItStandsAlone() {
    ResolvedSecrets.note("qzx7");

    assertThat(ResolvedSecrets.scrub("password qzx7, table aqzx7b"))
        .isEqualTo("password ***, table aqzx7b");
  }

  private SecretResolver inFolder() {
    return new SecretResolver(
        name -> null,
        new AllowedReferences(List.of(), List.of(folder.toString())),
        AllowedHosts.DEFAULT);
  }

  private static void assertRefused(SecretResolver secrets, String reference, String... words) {
    assertThatThrownBy(() -> secrets.resolve(reference))
        .asInstanceOf(InstanceOfAssertFactories.type(MigrationException.class))
        .satisfies(
            e -> {
              assertThat(e.type()).isEqualTo(FailureType.BAD_REQUEST);
              assertThat(e).hasMessageContainingAll(words);
              assertThat(e).hasMessageNotContainingAny("s3cret", "/home/somebody");
            });
  }
}

package com.matih.tenantmigration.workflow.encryption;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import io.temporal.api.common.v1.Payload;
import io.temporal.api.failure.v1.Failure;
import io.temporal.common.converter.DataConverter;
import io.temporal.common.converter.DefaultDataConverter;
import io.temporal.failure.ApplicationFailure;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is encrypted, by which key, and what is said where it cannot be decrypted. */
class PayloadEncryptionTest {

  private static final String SETTING = "TENANT_MIGRATION_PAYLOAD_KEYS";
  private static final String VALUE = "jdbc:postgresql://db.acme.example/shop";
  private static final String OLD = key(1);
  private static final String NEW = key(2);

  private static String key(int fill) {
    byte[] bytes = new byte[32];
    Arrays.fill(bytes, (byte) fill);
    return Base64.getEncoder().encodeToString(bytes);
  }

  private static PayloadEncryption keys(String setting) {
    return PayloadEncryption.of(Map.of(SETTING, setting, "OLD_KEY", OLD, "NEW_KEY", NEW));
  }

  private static Payload payload() {
    return DefaultDataConverter.STANDARD_INSTANCE.toPayload(VALUE).orElseThrow();
  }

  private static Payload encrypted(PayloadEncryption encryption) {
    return encryption.encode(List.of(payload())).get(0);
  }

  @Test
  void whatIsEncryptedHidesTheValueNamesTheKeyAndIsReadBack() {
    PayloadEncryption encryption = keys("a=${env:OLD_KEY}");

    Payload encrypted = encrypted(encryption);

    assertThat(encrypted.toString()).doesNotContain("acme", "json/plain");
    assertThat(encrypted.getMetadataMap())
        .containsEntry("encoding", ByteString.copyFromUtf8("binary/encrypted"))
        .containsEntry("encryption-key-id", ByteString.copyFromUtf8("a"));
    assertThat(encryption.decode(List.of(encrypted))).containsExactly(payload());
    assertThat(encrypted(encryption)).isNotEqualTo(encrypted);
  }

  @Test
  void theFirstKeyEncryptsAndAllDecrypt() {
    Payload old = encrypted(keys("a=${env:OLD_KEY}"));
    PayloadEncryption rotated = keys("b=${env:NEW_KEY} a=${env:OLD_KEY}");

    Payload recent = encrypted(rotated);

    assertThat(recent.getMetadataOrThrow("encryption-key-id").toStringUtf8()).isEqualTo("b");
    assertThat(rotated.decode(List.of(old, recent))).containsExactly(payload(), payload());
    // while some processes are not rotated yet
    assertThat(keys("a=${env:OLD_KEY}, b=${env:NEW_KEY}").decode(List.of(recent)))
        .containsExactly(payload());
  }

  @Test
  void whatIsNotEncryptedIsReadAsItIs() {
    assertThat(keys("a=${env:OLD_KEY}").decode(List.of(payload()))).containsExactly(payload());
  }

  @Test
  void withoutTheSettingNothingIsEncrypted() {
    PayloadEncryption off = PayloadEncryption.of(Map.of());

    assertThat(off.isOn()).isFalse();
    assertThat(off.encode(List.of(payload()))).containsExactly(payload());
    assertThat(off.dataConverter().exceptionToFailure(failure()).getMessage()).isEqualTo(VALUE);
  }

  @Test
  void aKeyThatIsMissingIsNamedBesideThoseThatAreThere() {
    Payload encrypted = encrypted(keys("b=${env:NEW_KEY}"));

    assertThatThrownBy(() -> keys("a=${env:OLD_KEY}").decode(List.of(encrypted)))
        .isInstanceOf(PayloadEncryptionException.class)
        .hasMessageContaining("key 'b', which this process does not have")
        .hasMessageContaining(SETTING + " has 'a'");
    assertThatThrownBy(() -> PayloadEncryption.of(Map.of()).decode(List.of(encrypted)))
        .isInstanceOf(PayloadEncryptionException.class)
        .hasMessageContaining("key 'b'")
        .hasMessageContaining(SETTING + " is not set");
  }

  /** The id comes from Temporal, and the sentence goes to a terminal. */
  @Test
  void anIdThatIsNoneIsNotRepeated() {
    Payload odd =
        encrypted(keys("a=${env:OLD_KEY}")).toBuilder()
            .putMetadata("encryption-key-id", ByteString.copyFromUtf8("\u001b[2J"))
            .build();

    assertThatThrownBy(() -> keys("a=${env:OLD_KEY}").decode(List.of(odd)))
        .hasMessageContaining("key of an invalid id")
        .message()
        .doesNotContain("\u001b");
  }

  @Test
  void aWrongKeyOfTheSameIdIsFound() {
    Payload encrypted = encrypted(keys("a=${env:OLD_KEY}"));

    assertThatThrownBy(() -> keys("a=${env:NEW_KEY}").decode(List.of(encrypted)))
        .isInstanceOf(PayloadEncryptionException.class)
        .hasMessageContaining("cannot be decrypted with key 'a'");
  }

  @Test
  void everyChangedByteAndEveryLengthIsFound() {
    PayloadEncryption encryption = keys("a=${env:OLD_KEY}");
    Payload encrypted = encrypted(encryption);
    byte[] data = encrypted.getData().toByteArray();
    for (int i = 0; i < data.length; i++) {
      byte[] changed = data.clone();
      changed[i] ^= 1;
      assertUnreadable(encryption, encrypted, ByteString.copyFrom(changed));
      assertUnreadable(encryption, encrypted, ByteString.copyFrom(data, 0, i));
    }
  }

  private static void assertUnreadable(
      PayloadEncryption encryption, Payload encrypted, ByteString data) {
    Payload changed = encrypted.toBuilder().setData(data).build();
    assertThatThrownBy(() -> encryption.decode(List.of(changed)))
        .isInstanceOf(PayloadEncryptionException.class)
        .hasMessageContaining("cannot be decrypted with key 'a'");
  }

  @Test
  void aFailuresMessageTraceAndDetailsAreEncryptedAndItsTypeIsNot() {
    DataConverter converter = keys("a=${env:OLD_KEY}").dataConverter();

    Failure failure = converter.exceptionToFailure(failure());

    assertThat(failure.toString()).doesNotContain("acme", "PayloadEncryptionTest");
    assertThat(failure.getApplicationFailureInfo().getType()).isEqualTo("DATA_REJECTED");
    assertThat(converter.failureToException(failure))
        .isInstanceOfSatisfying(
            ApplicationFailure.class,
            read -> {
              assertThat(read.getOriginalMessage()).isEqualTo(VALUE);
              assertThat(read.getDetails().get(String.class)).isEqualTo(VALUE);
              assertThat(read.getStackTrace())
                  .anySatisfy(
                      call -> assertThat(call.getClassName()).contains("PayloadEncryptionTest"));
            });
  }

  private static ApplicationFailure failure() {
    return ApplicationFailure.newNonRetryableFailure(VALUE, "DATA_REJECTED", VALUE);
  }

  @Test
  void aKeyComesFromAFileToo(@TempDir Path folder) throws Exception {
    Path file = Files.writeString(folder.resolve("a key"), OLD + "\n", StandardCharsets.UTF_8);

    PayloadEncryption encryption = keys("a=${file:%s}".formatted(file));

    assertThat(encryption.decode(List.of(encrypted(keys("a=${env:OLD_KEY}")))))
        .containsExactly(payload());
    assertThat(encryption.references()).containsExactly("${file:%s}".formatted(file));
  }

  @Test
  void aSettingThatCannotBeUsedIsRefusedWithoutItsSecrets() {
    assertRefused("a=" + OLD, "literal secret");
    assertRefused("a=x${env:OLD_KEY}", "literal secret");
    assertRefused(OLD, "literal secret");
    assertRefused("${env:OLD_KEY}", "its entry 1");
    assertRefused("a=${env:OLD_KEY} ${env:NEW_KEY}", "its entry 2");
    assertRefused("a=${env:OLD_KEY} a=${env:NEW_KEY}", "names the key 'a' twice");
    assertRefused("a=${env:NONE}", "The variable NONE");
    assertRefused("a=${file:/none/key}", "The file /none/key");
    assertRefused("a=${env:" + SETTING + "}", "The key 'a'", "is not 32 bytes in Base64");
  }

  private static void assertRefused(String setting, String... words) {
    assertThatThrownBy(() -> keys(setting))
        .isInstanceOf(PayloadEncryptionException.class)
        .hasMessageContainingAll(words)
        .message()
        .doesNotContain(OLD, NEW);
  }
}

package com.matih.tenantmigration.workflow.encryption;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import io.temporal.api.common.v1.Payload;
import io.temporal.common.converter.CodecDataConverter;
import io.temporal.common.converter.DataConverter;
import io.temporal.common.converter.DefaultDataConverter;
import io.temporal.payload.codec.PayloadCodec;
import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.List;
import java.util.Map;
import javax.crypto.AEADBadTagException;
import javax.crypto.Cipher;
import javax.crypto.SecretKey;
import javax.crypto.spec.GCMParameterSpec;
import org.jspecify.annotations.Nullable;

/**
 * Encrypts payloads with AES-256-GCM before Temporal gets them. Safe for use by several threads.
 *
 * <p>The variable {@code TENANT_MIGRATION_PAYLOAD_KEYS} has the keys, {@code ID=REFERENCE
 * ID=REFERENCE …}: the first encrypts, all decrypt. Without it nothing is encrypted. What is not
 * encrypted is read as it is, so a migration goes on that began before the encryption was turned
 * on.
 *
 * <p>An encrypted payload has the encoding {@code binary/encrypted} and the key's id in its
 * metadata; its data is the 12 bytes of the initialization vector, and the payload of before with
 * the authentication tag behind it, as in the samples of Temporal's SDKs.
 */
public final class PayloadEncryption implements PayloadCodec {

  private static final String ENCODING = "encoding";
  private static final ByteString ENCRYPTED = ByteString.copyFromUtf8("binary/encrypted");
  private static final String KEY_ID = "encryption-key-id";
  private static final String CIPHER_NAME = "encryption-cipher";
  private static final String CIPHER = "AES/GCM/NoPadding";
  private static final int IV_BYTES = 12;
  private static final int TAG_BITS = 128;
  private static final SecureRandom RANDOM = new SecureRandom();

  private final PayloadKeys keys;

  private PayloadEncryption(PayloadKeys keys) {
    this.keys = keys;
  }

  /**
   * The encryption that the variables describe.
   *
   * @param environment {@code TENANT_MIGRATION_PAYLOAD_KEYS} and what it refers to, among others
   * @throws PayloadEncryptionException where the setting cannot be used
   */
  public static PayloadEncryption of(Map<String, String> environment) {
    return new PayloadEncryption(PayloadKeys.of(environment));
  }

  /** Whether what is sent to Temporal is encrypted. */
  public boolean isOn() {
    return keys.current().isPresent();
  }

  /** Where the keys' values come from, such as {@code ${file:/run/keys/2027-01}}. */
  public List<String> references() {
    return keys.references();
  }

  /**
   * What a client or a worker gives Temporal's SDK. Where the encryption is on, messages and stack
   * traces of failures are encrypted too.
   */
  public DataConverter dataConverter() {
    return new CodecDataConverter(DefaultDataConverter.STANDARD_INSTANCE, List.of(this), isOn());
  }

  @Override
  public List<Payload> encode(List<Payload> payloads) {
    return keys.current()
        .map(id -> payloads.stream().map(payload -> encrypt(payload, id)).toList())
        .orElse(payloads);
  }

  @Override
  public List<Payload> decode(List<Payload> payloads) {
    return payloads.stream()
        .map(payload -> isEncrypted(payload) ? decrypt(payload) : payload)
        .toList();
  }

  private static boolean isEncrypted(Payload payload) {
    return ENCRYPTED.equals(payload.getMetadataMap().get(ENCODING));
  }

  private Payload encrypt(Payload payload, String id) {
    byte[] iv = new byte[IV_BYTES];
    RANDOM.nextBytes(iv);
    try {
      byte[] sealed = cipher(Cipher.ENCRYPT_MODE, keys.get(id), iv).doFinal(payload.toByteArray());
      return Payload.newBuilder()
          .putMetadata(ENCODING, ENCRYPTED)
          .putMetadata(CIPHER_NAME, ByteString.copyFromUtf8(CIPHER))
          .putMetadata(KEY_ID, ByteString.copyFromUtf8(id))
          .setData(ByteString.copyFrom(iv).concat(ByteString.copyFrom(sealed)))
          .build();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("a Java runtime without " + CIPHER, e);
    }
  }

  private Payload decrypt(Payload payload) {
    String id = payload.getMetadataOrDefault(KEY_ID, ByteString.EMPTY).toStringUtf8();
    SecretKey key = keys.get(id);
    ByteBuffer data = payload.getData().asReadOnlyByteBuffer();
    if (data.remaining() < IV_BYTES + TAG_BITS / Byte.SIZE) {
      throw unreadable(id, null);
    }
    byte[] iv = new byte[IV_BYTES];
    data.get(iv);
    byte[] sealed = new byte[data.remaining()];
    data.get(sealed);
    try {
      return Payload.parseFrom(cipher(Cipher.DECRYPT_MODE, key, iv).doFinal(sealed));
    } catch (AEADBadTagException | InvalidProtocolBufferException e) {
      throw unreadable(id, e);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("a Java runtime without " + CIPHER, e);
    }
  }

  private static Cipher cipher(int mode, SecretKey key, byte[] iv) throws GeneralSecurityException {
    Cipher cipher = Cipher.getInstance(CIPHER);
    cipher.init(mode, key, new GCMParameterSpec(TAG_BITS, iv));
    return cipher;
  }

  private static PayloadEncryptionException unreadable(String id, @Nullable Exception cause) {
    return new PayloadEncryptionException(
        ("A payload in Temporal cannot be decrypted with key '%s': it was encrypted with another"
                + " key of this id, or changed since. Check that all processes have the same key"
                + " '%s' in %s.")
            .formatted(id, id, PayloadKeys.SETTING),
        cause);
  }
}

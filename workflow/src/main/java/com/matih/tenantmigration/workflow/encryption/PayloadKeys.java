package com.matih.tenantmigration.workflow.encryption;

import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import javax.crypto.SecretKey;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/** The keys of the encryption by their ids: the first encrypts, all decrypt. */
final class PayloadKeys {

  /** The one setting of workers, clients and commands alike. */
  static final String SETTING = "TENANT_MIGRATION_PAYLOAD_KEYS";

  private static final int KEY_BYTES = 32;
  private static final Pattern ID = Pattern.compile("[A-Za-z0-9._-]{1,64}");
  private static final Pattern ENTRY =
      Pattern.compile("(" + ID.pattern() + ")=((?:\\$\\{[^}]*}|[^\\s,])*)(?:[\\s,]+|$)");

  private final Map<String, Key> keys;

  private record Key(String reference, SecretKey value) {}

  private PayloadKeys(Map<String, Key> keys) {
    this.keys = keys;
  }

  /**
   * Reads the setting, {@code ID=REFERENCE ID=REFERENCE …}.
   *
   * @throws PayloadEncryptionException where it cannot be used
   */
  static PayloadKeys of(Map<String, String> environment) {
    String setting = environment.getOrDefault(SETTING, "").strip();
    Map<String, Key> keys = new LinkedHashMap<>();
    Matcher entry = ENTRY.matcher(setting);
    int end = 0;
    while (end < setting.length()) {
      if (!entry.find(end) || entry.start() != end) {
        // what stands there could be a key
        throw new PayloadEncryptionException(
            ("%s is not a list of ID=REFERENCE: see its entry %d. Write for example"
                    + " 2027-01=${file:/run/keys/2027-01} 2026-07=${env:PAYLOAD_KEY_2026_07}.")
                .formatted(SETTING, keys.size() + 1));
      }
      end = entry.end();
      String id = entry.group(1);
      String reference = entry.group(2);
      SecretKey key = key(id, OperatorReference.read(SETTING, reference, environment));
      if (keys.put(id, new Key(reference, key)) != null) {
        throw new PayloadEncryptionException(
            "%s names the key '%s' twice. Give each key an id of its own.".formatted(SETTING, id));
      }
    }
    return new PayloadKeys(keys);
  }

  private static SecretKey key(String id, String text) {
    byte[] bytes;
    try {
      bytes = Base64.getDecoder().decode(text);
    } catch (IllegalArgumentException e) {
      bytes = new byte[0];
    }
    if (bytes.length != KEY_BYTES) {
      throw new PayloadEncryptionException(
          "The key '%s' of %s is not %d bytes in Base64. Create one with: openssl rand -base64 %d"
              .formatted(id, SETTING, KEY_BYTES, KEY_BYTES));
    }
    return new SecretKeySpec(bytes, "AES");
  }

  /** The id of the key that encrypts; empty where nothing is encrypted. */
  Optional<String> current() {
    return keys.keySet().stream().findFirst();
  }

  /** Where the keys' values come from, as the setting says it. */
  List<String> references() {
    return keys.values().stream().map(Key::reference).toList();
  }

  /**
   * A key.
   *
   * @throws PayloadEncryptionException where there is none of that id
   */
  SecretKey get(String id) {
    @Nullable Key key = keys.get(id);
    if (key == null) {
      throw new PayloadEncryptionException(
          ("A payload in Temporal is encrypted with key %s, which this process does not have: %s."
                  + " Add that key to it, as the other processes have it, and start again.")
              .formatted(
                  // it comes from Temporal, where anybody may have written it
                  ID.matcher(id).matches() ? "'" + id + "'" : "of an invalid id", known()));
    }
    return key.value();
  }

  private String known() {
    return keys.isEmpty()
        ? SETTING + " is not set"
        : SETTING
            + " has "
            + keys.keySet().stream().map(id -> "'" + id + "'").collect(Collectors.joining(", "));
  }
}

package com.matih.tenantmigration.worker.secrets;

import com.matih.tenantmigration.embedded.Temporal;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/**
 * A secret for each field of a request and of a worker's configuration that can hold one. All have
 * the same words in them, by which they are found.
 */
final class PlantedSecrets {

  /** What all of them have in them; the same in an address and in JSON. */
  static final String WORDS = "Lk7Zq9Xw4VbT";

  private static final String PREFIX = "TENANT_MIGRATION_SECRET_";

  /** Half a key, and then zeros. */
  private static final String PAYLOAD_KEY = WORDS + "A".repeat(43 - WORDS.length()) + "=";

  private final Path folder;
  private final Path keys;
  private final Map<String, String> variables = new HashMap<>();

  /**
   * @param folder which requests may refer to
   * @param keys which they may not
   */
  PlantedSecrets(Path folder, Path keys) throws IOException {
    this.folder = Files.createDirectories(folder);
    this.keys = Files.createDirectories(keys);
    Files.writeString(keys.resolve("payloads"), PAYLOAD_KEY + "\n");
  }

  /** One of odd characters. */
  static String odd(String name) {
    return name + "-p@ss:/w%41d?x=1&y#$\"'\\`{}<>" + WORDS + "é,;|*" + name;
  }

  /** One that a header of HTTP takes as it is. */
  static String plain(String name) {
    return name + "-" + WORDS + "-" + name;
  }

  /** What a request writes for a secret that the worker has in a variable. */
  String variable(String name, String value) {
    variables.put(PREFIX + name, value);
    return "${env:" + PREFIX + name + "}";
  }

  /** What a request writes for a secret that the worker has in a file. */
  String file(String name, String value) throws IOException {
    Path file = Files.writeString(folder.resolve(name), value + "\n");
    return "${file:" + file + "}";
  }

  /** The worker's variables, of which each holds or names a secret. */
  Map<String, String> ofWorker() {
    Map<String, String> all = new HashMap<>(ofCommands());
    all.put("AWS_ACCESS_KEY_ID", plain("aws-key"));
    all.put("AWS_SECRET_ACCESS_KEY", odd("aws-secret"));
    all.put("AWS_SESSION_TOKEN", plain("aws-token"));
    all.putAll(variables);
    return all;
  }

  /** What leads the worker and the commands to Temporal and to the control plane. */
  Map<String, String> ofCommands() {
    Map<String, String> all = new HashMap<>(Temporal.NO_PROFILE);
    all.put("TEMPORAL_API_KEY", plain("temporal"));
    all.put("TENANT_MIGRATION_PAYLOAD_KEYS", "k=${file:%s}".formatted(keys.resolve("payloads")));
    all.put("CONTROL_PG_PASSWORD", odd("control"));
    return all;
  }

  Path folder() {
    return folder;
  }
}

package com.matih.tenantmigration.workflow.request.allowed;

import com.matih.tenantmigration.workflow.request.allowed.Setting.Choice;
import com.matih.tenantmigration.workflow.request.allowed.Setting.FilePath;
import com.matih.tenantmigration.workflow.request.allowed.Setting.Range;
import com.matih.tenantmigration.workflow.request.allowed.Setting.Text;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The client properties that a request may set for Kafka: how a connection is protected, who logs
 * in, and how long an answer may take. All others are refused, for among them are classes that the
 * client would load, files that it would write, and settings that exactness rests on.
 */
public final class KafkaProperties {

  private static final int MILLISECOND_LEAST = 1_000;
  private static final int MINUTE = 60_000;

  private static final Map<String, Setting> ALLOWED = new TreeMap<>(allowed());

  private KafkaProperties() {}

  private static Map<String, Setting> allowed() {
    Setting milliseconds = new Range(MILLISECOND_LEAST, MINUTE);
    Setting store = Choice.of("JKS", "PKCS12", "PEM");
    return Map.ofEntries(
        Map.entry("security.protocol", Choice.of("PLAINTEXT", "SSL", "SASL_PLAINTEXT", "SASL_SSL")),
        Map.entry("sasl.mechanism", Choice.of("PLAIN", "SCRAM-SHA-256", "SCRAM-SHA-512")),
        Map.entry("sasl.jaas.config", new JaasLogin()),
        Map.entry("ssl.protocol", Choice.of("TLSv1.2", "TLSv1.3")),
        Map.entry("ssl.enabled.protocols", Choice.of("TLSv1.2", "TLSv1.3", "TLSv1.2,TLSv1.3")),
        Map.entry("ssl.cipher.suites", new Text()),
        Map.entry("ssl.endpoint.identification.algorithm", Choice.of("https", "")),
        Map.entry("ssl.truststore.type", store),
        Map.entry("ssl.truststore.location", new FilePath()),
        Map.entry("ssl.truststore.password", new Text()),
        Map.entry("ssl.truststore.certificates", new Text()),
        Map.entry("ssl.keystore.type", store),
        Map.entry("ssl.keystore.location", new FilePath()),
        Map.entry("ssl.keystore.password", new Text()),
        Map.entry("ssl.keystore.certificate.chain", new Text()),
        Map.entry("ssl.keystore.key", new Text()),
        Map.entry("ssl.key.password", new Text()),
        Map.entry(
            "client.dns.lookup",
            Choice.of("use_all_dns_ips", "resolve_canonical_bootstrap_servers_only")),
        Map.entry("request.timeout.ms", milliseconds),
        Map.entry("default.api.timeout.ms", milliseconds),
        Map.entry("socket.connection.setup.timeout.ms", milliseconds),
        Map.entry("socket.connection.setup.timeout.max.ms", milliseconds));
  }

  /** Why a property is refused; empty for one that may be set. */
  public static Optional<Objection> objection(String name, String value) {
    Setting setting = ALLOWED.get(name);
    return setting == null
        ? Optional.of(
            new Objection(
                "is not allowed in a request",
                "Remove it. Allowed: %s.".formatted(String.join(", ", ALLOWED.keySet()))))
        : setting.objection(value);
  }

  /** Whether the property names a file. */
  public static boolean isFile(String name) {
    return ALLOWED.get(name) instanceof FilePath;
  }
}

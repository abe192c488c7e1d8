package com.matih.tenantmigration.devstack;

import com.matih.tenantmigration.devstack.clusters.Side;
import com.matih.tenantmigration.devstack.clusters.Sides;
import com.matih.tenantmigration.devstack.sample.SampleDatabase;
import com.matih.tenantmigration.embedded.ExternalTemporal;
import com.matih.tenantmigration.embedded.Temporal;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** The variables that tell where everything of a devstack is, and the secrets for it. */
final class DevstackEnvironment {

  /** The control plane's database, on the shared server. */
  static final String CONTROL_DATABASE = "control";

  private static final Pattern PLAIN = Pattern.compile("[A-Za-z0-9_./:@%+=,-]*");

  private final Map<String, String> variables;

  private DevstackEnvironment(Map<String, String> variables) {
    this.variables = variables;
  }

  /**
   * Gathers them.
   *
   * @param services where the sample services are, by variable
   * @param workerMetrics the address at which the worker tells its metrics
   * @param workerConfig the worker's configuration file
   */
  static DevstackEnvironment of(
      Sides sides,
      Temporal temporal,
      Map<String, String> services,
      String workerMetrics,
      Path workerConfig) {
    Side shared = sides.shared();
    Map<String, String> variables = new LinkedHashMap<>(forTemporal(temporal, System.getenv()));
    variables.put("TEMPORAL_ADDRESS", temporal.address());
    variables.put("TEMPORAL_UI", temporal.ui().orElse(""));
    variables.put("CONTROL_PG_URI", shared.pgUri(CONTROL_DATABASE));
    variables.put("CONTROL_PG_JDBC", shared.jdbcUrl(CONTROL_DATABASE));
    variables.put("CONTROL_PG_USER", shared.pgUser());
    variables.put("CONTROL_PG_PASSWORD", shared.pgPassword());
    variables.putAll(shared.environment(SampleDatabase.DATABASE));
    variables.putAll(sides.dedicated().environment("postgres"));
    variables.putAll(services);
    variables.put("WORKER_METRICS", workerMetrics);
    variables.put("WORKER_CONFIG", workerConfig.toString());
    return new DevstackEnvironment(variables);
  }

  /**
   * What leads to a service beside its address: for one that somebody else runs, all that this
   * process was told; for our own, that no profile of the user's applies to it.
   */
  static Map<String, String> forTemporal(Temporal temporal, Map<String, String> environment) {
    if (!(temporal instanceof ExternalTemporal)) {
      return Temporal.NO_PROFILE;
    }
    Map<String, String> told = new TreeMap<>(environment);
    told.keySet().removeIf(name -> !name.startsWith("TEMPORAL_"));
    return told;
  }

  Map<String, String> variables() {
    return Map.copyOf(variables);
  }

  /** The lines of {@code devstack.env}, which a shell reads as well; quoted only where it must. */
  String file() {
    return variables.entrySet().stream()
        .map(variable -> variable.getKey() + "=" + quoted(variable.getValue()))
        .collect(Collectors.joining("\n", "", "\n"));
  }

  private static String quoted(String value) {
    boolean plain = PLAIN.matcher(value).matches();
    return plain ? value : "'" + value.replace("'", "'\\''") + "'";
  }
}

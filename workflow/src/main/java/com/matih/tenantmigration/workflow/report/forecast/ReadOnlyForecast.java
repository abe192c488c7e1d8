package com.matih.tenantmigration.workflow.report.forecast;

import com.matih.tenantmigration.workflow.Phase;
import com.matih.tenantmigration.workflow.StoreName;
import com.matih.tenantmigration.workflow.report.PhaseTiming;
import com.matih.tenantmigration.workflow.request.ElasticsearchSpec;
import com.matih.tenantmigration.workflow.request.KafkaSpec;
import com.matih.tenantmigration.workflow.request.MigrationRequest;
import com.matih.tenantmigration.workflow.request.ObjectStorageSpec;
import com.matih.tenantmigration.workflow.request.PostgresSpec;
import com.matih.tenantmigration.workflow.request.RedisSpec;
import com.matih.tenantmigration.workflow.request.StoreSpec;
import java.time.Duration;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * How long the tenant would be read-only if it were fenced now.
 *
 * <p>What the stores have to do is measured while they are followed. What is the same for every
 * tenant is not, and stands here as it was measured on a machine of two cores.
 */
public final class ReadOnlyForecast {

  /** The configuration is changed, and the tables of notes are locked. */
  private static final double FENCE = 0.3;

  /** Services that are there acknowledge when what they do for the tenant has ended. */
  private static final double ACKNOWLEDGEMENT = 0.3;

  /** The route, the checks on the live route, and the tenant's activation. */
  private static final double CUTOVER = 1.2;

  /** The schema is archived. */
  private static final double SNAPSHOT = 1.0;

  /** All checks of a tenant that has next to nothing. */
  private static final double CHECKS = 4.0;

  private static final Map<StoreName, Class<? extends StoreSpec>> FOLLOWED =
      new EnumMap<>(
          Map.of(
              StoreName.POSTGRES, PostgresSpec.class,
              StoreName.OBJECT_STORAGE, ObjectStorageSpec.class,
              StoreName.KAFKA, KafkaSpec.class,
              StoreName.ELASTICSEARCH, ElasticsearchSpec.class));

  private ReadOnlyForecast() {}

  /**
   * Of a migration whose stores are followed.
   *
   * @param phases as far as they are known
   * @param drains by the store's key, how many seconds its rest takes under the fence
   * @return empty where a store that is followed is missing
   */
  public static Optional<Forecast> online(
      MigrationRequest request, List<PhaseTiming> phases, Map<String, Double> drains) {
    Map<String, Double> sideBySide = new LinkedHashMap<>();
    for (Map.Entry<StoreName, Class<? extends StoreSpec>> store : FOLLOWED.entrySet()) {
      Double seconds = drains.get(store.getKey().key());
      if (request.has(store.getValue())) {
        if (seconds == null) {
          return Optional.empty();
        }
        sideBySide.put(store.getKey().key(), seconds);
      }
    }
    return sideBySide.isEmpty()
        ? Optional.empty()
        : Optional.of(online(request, sideBySide, freshening(request, phases)));
  }

  /**
   * The same of stores of which it is known.
   *
   * @param freshening how long the cache takes after the rows; empty without a cache
   */
  static Forecast online(
      MigrationRequest request, Map<String, Double> drains, OptionalDouble freshening) {
    Forecast drained = Forecast.none().then(Phase.FENCE, fence(request)).then(Phase.DRAIN, drains);
    Forecast freshened =
        freshening.isEmpty()
            ? drained
            : drained.within(
                Phase.DRAIN,
                StoreName.POSTGRES.key(),
                StoreName.REDIS.key(),
                freshening.getAsDouble());
    return freshened.then(Phase.CUTOVER, CUTOVER);
  }

  /**
   * The same of a tenant that is copied while it is read-only.
   *
   * @param copies by the store's key, how many seconds its copy takes
   * @param checks how many seconds the checks take
   */
  static Forecast offline(MigrationRequest request, Map<String, Double> copies, double checks) {
    return Forecast.none()
        .then(Phase.FENCE, fence(request))
        .then(Phase.SNAPSHOT, SNAPSHOT)
        .then(Phase.COPY, copies)
        .then(Phase.VERIFY, CHECKS + checks)
        .then(Phase.CUTOVER, CUTOVER);
  }

  /** Where the cache differs it is warmed again, and all of it is read for that. */
  private static OptionalDouble freshening(MigrationRequest request, List<PhaseTiming> phases) {
    return request.has(RedisSpec.class)
        ? OptionalDouble.of(
            phases.stream()
                .filter(timing -> timing.phase() == Phase.WARM)
                .mapToDouble(PhaseTiming::seconds)
                .max()
                .orElse(0))
        : OptionalDouble.empty();
  }

  private static double fence(MigrationRequest request) {
    double settle = seconds(request.settle());
    return FENCE + (request.services().isEmpty() ? settle : Math.min(settle, ACKNOWLEDGEMENT));
  }

  private static double seconds(Duration time) {
    return time.toMillis() / 1000.0;
  }
}

package com.matih.tenantmigration.workflow.request;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.databind.annotation.JsonDeserialize;
import com.fasterxml.jackson.databind.annotation.JsonSerialize;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What one migration is asked to do.
 *
 * <p>A store that is {@code null} is not migrated and its route stays as it is. Secrets stand in it
 * as references only ({@code ${env:NAME}} or {@code ${file:PATH}}), which the worker alone
 * resolves.
 *
 * @param tenant the tenant's id, {@code [a-z0-9][a-z0-9-]{0,62}}
 * @param tenantKey the value that marks the tenant's rows, records and documents; the tenant's id
 *     when left out
 * @param mode whether the tenant works while it is copied; online when left out
 * @param settle how long after the tenant became read-only its services may take to stop writing to
 *     stores that cannot be fenced; 5 seconds when left out
 * @param storeTimeout how long a step may get nowhere because a store is unreachable, silent or
 *     answers with errors, while the tenant is read-only; then the migration is rolled back; 40
 *     seconds when left out
 * @param services who must say that the tenant's writes have ended, after which {@code settle} is
 *     not waited for; none when left out
 * @param cutover when the tenant may become read-only; at any time when left out
 * @param throttle how gently the shared side is read; without any bound when left out
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record MigrationRequest(
    String tenant,
    String tenantKey,
    TierChange tier,
    @JsonDeserialize(using = Mode.OfflineWhereAbsent.class) Mode mode,
    Approval approval,
    OnRollback onRollback,
    @JsonSerialize(using = ShortDuration.Serializer.class)
        @JsonDeserialize(using = ShortDuration.Deserializer.class)
        Duration settle,
    @JsonSerialize(using = ShortDuration.Serializer.class)
        @JsonDeserialize(using = ShortDuration.Deserializer.class)
        Duration storeTimeout,
    // left out where it is empty, which a worker of an earlier version can read
    @JsonInclude(JsonInclude.Include.NON_EMPTY) List<String> services,
    @Nullable CutoverSpec cutover,
    @Nullable ThrottleSpec throttle,
    SnapshotSpec snapshot,
    @Nullable PostgresSpec postgres,
    @Nullable ObjectStorageSpec objectStorage,
    @Nullable KafkaSpec kafka,
    @Nullable ElasticsearchSpec elasticsearch,
    @Nullable RedisSpec redis,
    VerificationSpec verification) {

  public static final Duration DEFAULT_SETTLE = Duration.ofSeconds(5);
  public static final Duration DEFAULT_STORE_TIMEOUT = Duration.ofSeconds(40);

  /** What stands for a workflow's input that was left out: it lacks whatever is required. */
  @SuppressWarnings("NullAway") // it is told by RequestProblems, as of any request
  public static MigrationRequest leftOut() {
    return new MigrationRequest(
        null, null, null, null, null, null, null, null, null, null, null, null, null, null, null,
        null, null, null);
  }

  /** Fills in the defaults; what is required and missing is told by {@code RequestProblems}. */
  @SuppressWarnings("ConstantValue") // Jackson hands over null for what the file leaves out
  public MigrationRequest {
    tenantKey = tenantKey == null ? tenant : tenantKey;
    mode = mode == null ? Mode.ONLINE : mode;
    approval = approval == null ? Approval.AUTOMATIC : approval;
    onRollback = onRollback == null ? OnRollback.DROP : onRollback;
    settle = settle == null ? DEFAULT_SETTLE : settle;
    storeTimeout = storeTimeout == null ? DEFAULT_STORE_TIMEOUT : storeTimeout;
    services = services == null ? List.of() : List.copyOf(services);
    verification = verification == null ? VerificationSpec.NONE : verification;
  }

  /** A request that names no services, no time for the cutover and no throttle. */
  public MigrationRequest(
      String tenant,
      String tenantKey,
      TierChange tier,
      Mode mode,
      Approval approval,
      OnRollback onRollback,
      Duration settle,
      Duration storeTimeout,
      SnapshotSpec snapshot,
      @Nullable PostgresSpec postgres,
      @Nullable ObjectStorageSpec objectStorage,
      @Nullable KafkaSpec kafka,
      @Nullable ElasticsearchSpec elasticsearch,
      @Nullable RedisSpec redis,
      VerificationSpec verification) {
    this(
        tenant,
        tenantKey,
        tier,
        mode,
        approval,
        onRollback,
        settle,
        storeTimeout,
        List.of(),
        null,
        null,
        snapshot,
        postgres,
        objectStorage,
        kafka,
        elasticsearch,
        redis,
        verification);
  }

  /** The same in another mode. */
  public MigrationRequest in(Mode other) {
    return with(other, throttle);
  }

  /** The same with another throttle, or without any. */
  public MigrationRequest throttledBy(@Nullable ThrottleSpec other) {
    return with(mode, other);
  }

  private MigrationRequest with(Mode otherMode, @Nullable ThrottleSpec otherThrottle) {
    return new MigrationRequest(
        tenant,
        tenantKey,
        tier,
        otherMode,
        approval,
        onRollback,
        settle,
        storeTimeout,
        services,
        cutover,
        otherThrottle,
        snapshot,
        postgres,
        objectStorage,
        kafka,
        elasticsearch,
        redis,
        verification);
  }

  /** How many bytes a second each store may be read with; empty without a bound. */
  public OptionalLong boundOnReading() {
    Long bound = ThrottleSpec.of(throttle).bytesPerSecond();
    return bound == null ? OptionalLong.empty() : OptionalLong.of(bound);
  }

  /** The parts of the stores that are migrated, in the order of the request's keys. */
  public List<StoreSpec> stores() {
    return Stream.<Optional<? extends StoreSpec>>of(
            Optional.ofNullable(postgres),
            Optional.ofNullable(objectStorage),
            Optional.ofNullable(kafka),
            Optional.ofNullable(elasticsearch),
            Optional.ofNullable(redis))
        .<StoreSpec>flatMap(Optional::stream)
        .toList();
  }

  /** The part of one store, such as {@code KafkaSpec.class}; empty where it is left out. */
  public <S extends StoreSpec> Optional<S> find(Class<S> part) {
    return stores().stream().filter(part::isInstance).map(part::cast).findFirst();
  }

  /** Whether a store is migrated. */
  public boolean has(Class<? extends StoreSpec> part) {
    return find(part).isPresent();
  }
}

package com.matih.tenantmigration.controlplane;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Where one tenant is served from, and whether it may write. Holds no secrets.
 *
 * @param objectStorageUrl {@code s3://bucket/prefix}
 * @param version grows with every change
 */
public record TenantConfig(
    String tenantId,
    String tier,
    State state,
    @Nullable String databaseUrl,
    @Nullable String objectStorageUrl,
    @Nullable String kafkaBootstrap,
    @Nullable String elasticsearchUrl,
    @Nullable String redisUrl,
    long version,
    Instant updatedAt) {

  /** Whether the tenant may write. */
  public enum State {
    ACTIVE,
    READ_ONLY
  }

  /** The same but for the state. */
  public TenantConfig withState(State newState) {
    return new TenantConfig(
        tenantId,
        tier,
        newState,
        databaseUrl,
        objectStorageUrl,
        kafkaBootstrap,
        elasticsearchUrl,
        redisUrl,
        version,
        updatedAt);
  }

  /** The same but for the tier. */
  public TenantConfig withTier(String newTier) {
    return new TenantConfig(
        tenantId,
        newTier,
        state,
        databaseUrl,
        objectStorageUrl,
        kafkaBootstrap,
        elasticsearchUrl,
        redisUrl,
        version,
        updatedAt);
  }

  /** How this differs from what was expected, column by column, but for version and time. */
  public List<String> differencesFrom(TenantConfig expected) {
    List<String> differences = new ArrayList<>();
    note(differences, "tier", tier, expected.tier);
    note(differences, "state", state, expected.state);
    note(differences, "database_url", databaseUrl, expected.databaseUrl);
    note(differences, "object_storage_url", objectStorageUrl, expected.objectStorageUrl);
    note(differences, "kafka_bootstrap", kafkaBootstrap, expected.kafkaBootstrap);
    note(differences, "elasticsearch_url", elasticsearchUrl, expected.elasticsearchUrl);
    note(differences, "redis_url", redisUrl, expected.redisUrl);
    return differences;
  }

  /** The statement with which a person makes the tenant's row say this. */
  public String asUpdate() {
    return "UPDATE tenant_control.tenant_config SET tier = %s, state = %s, database_url = %s, object_storage_url = %s, kafka_bootstrap = %s, elasticsearch_url = %s, redis_url = %s, version = version + 1, updated_at = now() WHERE tenant_id = %s;"
        .formatted(
            literal(tier),
            literal(state.name()),
            literal(databaseUrl),
            literal(objectStorageUrl),
            literal(kafkaBootstrap),
            literal(elasticsearchUrl),
            literal(redisUrl),
            literal(tenantId));
  }

  /** As standard SQL writes it, in which a backslash is nothing special. */
  private static String literal(@Nullable String text) {
    return text == null ? "NULL" : "'" + text.replace("'", "''") + "'";
  }

  /** Whether both say the same, whatever their versions. */
  public boolean saysTheSameAs(TenantConfig other) {
    return differencesFrom(other).isEmpty();
  }

  private static void note(
      List<String> differences, String column, @Nullable Object is, @Nullable Object expected) {
    if (!Objects.equals(is, expected)) {
      differences.add("%s is %s instead of %s".formatted(column, is, expected));
    }
  }
}

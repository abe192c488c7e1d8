package com.matih.tenantmigration.activities.kafka.client;

import com.matih.tenantmigration.activities.engine.KeySpelling;
import com.matih.tenantmigration.workflow.request.KafkaSpec;
import com.matih.tenantmigration.workflow.request.KafkaSpec.TenantSelector;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Header;

/** Tells the tenant's records of a shared topic from the others'. */
public @FunctionalInterface interface TenantFilter {

  boolean isTenants(ConsumerRecord<byte[], byte[]> sharedRecord);

  /** The filter that a topic of the request asks for. */
  static TenantFilter of(KafkaSpec.Topic topic, String tenantKey) {
    if (topic.everyRecord()) {
      return sharedRecord -> true;
    }
    TenantSelector selector = Objects.requireNonNull(topic.tenant(), "a topic without a selector");
    if (selector.header() != null) {
      return byHeader(selector.header(), tenantKey);
    }
    if (selector.keyPrefix() != null) {
      return byKeyPrefix(selector.keyPrefix());
    }
    return new JsonFieldFilter(
        Objects.requireNonNull(selector.jsonField(), "an empty selector"), tenantKey::equals);
  }

  /**
   * Tells records that have the tenant's key in another spelling, so that {@link #of} does not take
   * them for the tenant's; empty where the key is not what tells records.
   */
  static Optional<TenantFilter> ofAnotherSpelling(KafkaSpec.Topic topic, String tenantKey) {
    TenantSelector selector = topic.tenant();
    if (selector == null) {
      return Optional.empty();
    }
    Predicate<String> isAnother = text -> KeySpelling.isAnother(tenantKey, text);
    if (selector.header() != null) {
      String name = selector.header();
      return Optional.of(
          sharedRecord -> {
            Header header = sharedRecord.headers().lastHeader(name);
            return header != null
                && header.value() != null
                && isAnother.test(new String(header.value(), StandardCharsets.UTF_8));
          });
    }
    return selector.jsonField() == null
        ? Optional.empty()
        : Optional.of(new JsonFieldFilter(selector.jsonField(), isAnother));
  }

  /** What is wrong with a topic's selector, if anything. */
  static Optional<String> problemOf(KafkaSpec.Topic topic) {
    TenantSelector selector = topic.tenant();
    long ways =
        (topic.all() ? 1 : 0)
            + (selector == null
                ? 0
                : (selector.all() ? 1 : 0)
                    + Stream.of(selector.header(), selector.keyPrefix(), selector.jsonField())
                        .filter(Objects::nonNull)
                        .count());
    if (ways != 1) {
      return Optional.of(
          ("it has %d selectors for the tenant's records, and needs exactly one of"
                  + " header, keyPrefix, jsonField and all")
              .formatted(ways));
    }
    boolean blank =
        selector != null
            && Stream.of(selector.header(), selector.keyPrefix(), selector.jsonField())
                .filter(Objects::nonNull)
                .anyMatch(String::isEmpty);
    return blank ? Optional.of("its selector for the tenant's records is empty") : Optional.empty();
  }

  private static TenantFilter byHeader(String name, String tenantKey) {
    byte[] wanted = tenantKey.getBytes(StandardCharsets.UTF_8);
    return sharedRecord -> {
      Header header = sharedRecord.headers().lastHeader(name);
      return header != null && Arrays.equals(header.value(), wanted);
    };
  }

  private static TenantFilter byKeyPrefix(String prefix) {
    byte[] wanted = prefix.getBytes(StandardCharsets.UTF_8);
    return sharedRecord -> {
      byte[] key = sharedRecord.key();
      return key != null
          && key.length >= wanted.length
          && Arrays.equals(key, 0, wanted.length, wanted, 0, wanted.length);
    };
  }
}

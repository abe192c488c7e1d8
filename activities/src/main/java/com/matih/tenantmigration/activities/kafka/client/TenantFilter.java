package com.matih.tenantmigration.activities.kafka.client;

import com.matih.tenantmigration.activities.engine.KeySpelling;
import com.matih.tenantmigration.workflow.FailureType;
import com.matih.tenantmigration.workflow.MigrationException;
import com.matih.tenantmigration.workflow.request.KafkaSpec;
import com.matih.tenantmigration.workflow.request.KafkaSpec.TenantSelector;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Header;

/** Tells the tenant's records of a shared topic from the others'. */
@FunctionalInterface
public interface TenantFilter {

  boolean isTenants(ConsumerRecord<byte[], byte[]> sharedRecord);

  /** What a record says about whose it is. */
  enum Mark {
    TENANTS,
    ANOTHERS,

    /** No header, key or field of that name, or an empty one. */
    NONE,

    /** Several, of which some are the tenant's and others are not. */
    CONTRADICTORY,

    /** No text or no JSON, or an object or an array in place of a tenant. */
    UNREADABLE
  }

  /** What a record says about whose it is; one that is the tenant's has {@link Mark#TENANTS}. */
  default Mark markOf(ConsumerRecord<byte[], byte[]> sharedRecord) {
    return isTenants(sharedRecord) ? Mark.TENANTS : Mark.ANOTHERS;
  }

  /**
   * The filter that a topic of the request asks for. Where the request wants records refused that
   * do not say whose they are, the filter does so.
   */
  static TenantFilter of(KafkaSpec.Topic topic, String tenantKey) {
    TenantFilter filter = lenient(topic, tenantKey);
    return topic.unmarked() == KafkaSpec.Unmarked.REFUSE ? refusing(filter) : filter;
  }

  /** The same, but for that it refuses nothing. */
  static TenantFilter lenient(KafkaSpec.Topic topic, String tenantKey) {
    if (topic.everyRecord()) {
      return sharedRecord -> true;
    }
    TenantSelector selector = Objects.requireNonNull(topic.tenant(), "a topic without a selector");
    if (selector.header() != null) {
      return marked(new HeaderMark(selector.header(), tenantKey));
    }
    if (selector.keyPrefix() != null) {
      return byKeyPrefix(selector.keyPrefix());
    }
    return marked(
        new JsonMark(
            new JsonField(Objects.requireNonNull(selector.jsonField(), "an empty selector")),
            tenantKey));
  }

  private static TenantFilter marked(Function<ConsumerRecord<byte[], byte[]>, Mark> mark) {
    return new TenantFilter() {
      @Override
      public boolean isTenants(ConsumerRecord<byte[], byte[]> sharedRecord) {
        return markOf(sharedRecord) == Mark.TENANTS;
      }

      @Override
      public Mark markOf(ConsumerRecord<byte[], byte[]> sharedRecord) {
        return mark.apply(sharedRecord);
      }
    };
  }

  /** The plan found none of them, so it is a new one that is met here. */
  private static TenantFilter refusing(TenantFilter filter) {
    return sharedRecord ->
        switch (filter.markOf(sharedRecord)) {
          case TENANTS -> true;
          case ANOTHERS -> false;
          case NONE, CONTRADICTORY, UNREADABLE ->
              throw new MigrationException(
                  FailureType.SOURCE_CHANGED,
                  ("The record at offset %d of %s-%d, which was not there when the plan was made,"
                          + " does not say whose it is, and the request has unmarked: refuse for"
                          + " the topic. Correct its producer, or write unmarked: leave.")
                      .formatted(
                          sharedRecord.offset(), sharedRecord.topic(), sharedRecord.partition()));
        };
  }

  /**
   * Tells records that have the tenant's key, or the beginning of its keys, in another spelling, so
   * that {@link #of} does not take them for the tenant's; empty where neither tells records.
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
    String prefix = selector.keyPrefix();
    if (prefix != null) {
      return Optional.of(
          sharedRecord ->
              sharedRecord.key() != null
                  && KeySpelling.isAnotherBeginning(
                      prefix, new String(sharedRecord.key(), StandardCharsets.UTF_8)));
    }
    if (selector.jsonField() == null) {
      return Optional.empty();
    }
    JsonField field = new JsonField(selector.jsonField());
    return Optional.of(
        sharedRecord -> field.in(sharedRecord.value()).texts().stream().anyMatch(isAnother));
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

  /**
   * A header's; where there are several of its name the last one counts, as for Kafka's own {@code
   * Headers.lastHeader}.
   */
  record HeaderMark(String name, String tenantKey)
      implements Function<ConsumerRecord<byte[], byte[]>, Mark> {

    @Override
    public Mark apply(ConsumerRecord<byte[], byte[]> sharedRecord) {
      Header last = sharedRecord.headers().lastHeader(name);
      byte[] wanted = tenantKey.getBytes(StandardCharsets.UTF_8);
      if (last != null && Arrays.equals(last.value(), wanted)) {
        return Mark.TENANTS;
      }
      for (Header each : sharedRecord.headers().headers(name)) {
        if (Arrays.equals(each.value(), wanted)) {
          return Mark.CONTRADICTORY;
        }
      }
      if (last == null || last.value() == null || last.value().length == 0) {
        return Mark.NONE;
      }
      String text = new String(last.value(), StandardCharsets.UTF_8);
      boolean isText = Arrays.equals(text.getBytes(StandardCharsets.UTF_8), last.value());
      return isText && !text.strip().equals('"' + tenantKey + '"')
          ? Mark.ANOTHERS
          : Mark.UNREADABLE;
    }
  }

  /** A field's; a value that has it several times is the tenant's where all of them say so. */
  record JsonMark(JsonField field, String tenantKey)
      implements Function<ConsumerRecord<byte[], byte[]>, Mark> {

    @Override
    public Mark apply(ConsumerRecord<byte[], byte[]> sharedRecord) {
      JsonField.Found found = field.in(sharedRecord.value());
      List<String> texts = found.texts();
      if (found.extent() == JsonField.Extent.NONE) {
        return Mark.UNREADABLE;
      }
      if (texts.contains(tenantKey)) {
        return found.others() || !texts.stream().allMatch(tenantKey::equals)
            ? Mark.CONTRADICTORY
            : Mark.TENANTS;
      }
      boolean mayBeMissing = texts.isEmpty() && found.extent() == JsonField.Extent.CUT_OFF;
      if (found.others() || mayBeMissing) {
        return Mark.UNREADABLE;
      }
      return texts.stream().allMatch(String::isEmpty) ? Mark.NONE : Mark.ANOTHERS;
    }
  }

  private static TenantFilter byKeyPrefix(String prefix) {
    byte[] wanted = prefix.getBytes(StandardCharsets.UTF_8);
    return marked(
        sharedRecord -> {
          byte[] key = sharedRecord.key();
          if (key == null || key.length == 0) {
            return Mark.NONE;
          }
          return key.length >= wanted.length
                  && Arrays.equals(key, 0, wanted.length, wanted, 0, wanted.length)
              ? Mark.TENANTS
              : Mark.ANOTHERS;
        });
  }
}

package com.matih.tenantmigration.activities.kafka.plan;

import com.matih.tenantmigration.activities.kafka.client.TenantFilter;
import com.matih.tenantmigration.activities.kafka.client.TenantFilter.Mark;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeSet;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;

/** What a plan has seen of a shared topic's records. */
final class SeenRecords {

  private static final int NAMED = 5;
  private static final byte SCHEMA_MARK = 0;

  /** Registries count from one; what is larger is more likely something else. */
  private static final long LARGEST_SCHEMA = 100_000_000;

  private static final Set<String> SCHEMA_HEADERS =
      Set.of(
          "__key_schema_id",
          "__value_schema_id",
          "apicurio.key.globalId",
          "apicurio.key.contentId",
          "apicurio.value.globalId",
          "apicurio.value.contentId");

  private final TenantFilter filter;
  private final TenantFilter otherSpelling;
  private final OptionalLong oldest;
  private final Map<Mark, Places> marks = new EnumMap<>(Mark.class);
  private final Places misspelled = new Places();
  private final Places expired = new Places();
  private final Places keyless = new Places();
  private final Places schemas = new Places();
  private final Places unmarkedTombstones = new Places();
  private final Set<Long> schemaNumbers = new TreeSet<>();
  private long all;
  private long values;
  private long valuesWithSchema;

  /** How many records there are of a kind, and where the first ones are. */
  static final class Places {

    private final List<String> first = new ArrayList<>();
    private long count;

    private void add(ConsumerRecord<byte[], byte[]> record) {
      count++;
      if (first.size() < NAMED) {
        first.add("%d in partition %d".formatted(record.offset(), record.partition()));
      }
    }

    long count() {
      return count;
    }

    /** Such as "offset 3 in partition 0, 4 in partition 0". */
    String named() {
      return (count == 1 ? "at offset " : "first at offsets ") + String.join(", ", first);
    }
  }

  /**
   * Begins with none.
   *
   * @param oldest the timestamp that the dedicated topic's retention leaves now
   */
  SeenRecords(TenantFilter filter, TenantFilter otherSpelling, OptionalLong oldest) {
    this.filter = filter;
    this.otherSpelling = otherSpelling;
    this.oldest = oldest;
  }

  void add(ConsumerRecord<byte[], byte[]> record) {
    all++;
    Mark mark = filter.markOf(record);
    boolean withSchema = takeSchema(record.value());
    if (record.value() != null) {
      values++;
      valuesWithSchema += withSchema ? 1 : 0;
    }
    if (mark != Mark.TENANTS && otherSpelling.isTenants(record)) {
      misspelled.add(record);
      return;
    }
    marks.computeIfAbsent(mark, any -> new Places()).add(record);
    if (mark == Mark.TENANTS) {
      addOwn(record, withSchema);
    } else if (mark == Mark.NONE && record.value() == null) {
      unmarkedTombstones.add(record);
    }
  }

  private void addOwn(ConsumerRecord<byte[], byte[]> record, boolean withSchema) {
    if (withSchema || takeSchema(record.key()) || hasSchemaHeader(record)) {
      schemas.add(record);
    }
    if (record.key() == null) {
      keyless.add(record);
    }
    if (oldest.isPresent() && record.timestamp() >= 0 && record.timestamp() < oldest.getAsLong()) {
      expired.add(record);
    }
  }

  private static boolean hasSchemaHeader(ConsumerRecord<byte[], byte[]> record) {
    return SCHEMA_HEADERS.stream().anyMatch(name -> record.headers().lastHeader(name) != null);
  }

  /**
   * Whether bytes begin as the serializers of schema registries write them: the byte 0, and a
   * number of four bytes, or of eight as Apicurio's may.
   */
  private boolean takeSchema(byte @Nullable [] bytes) {
    // eight bytes are a number themselves
    if (bytes == null || bytes.length < 6 || bytes.length == 8 || bytes[0] != SCHEMA_MARK) {
      return false;
    }
    long number = ByteBuffer.wrap(bytes).getInt(1);
    if (number == 0 && bytes.length > 9) {
      number = ByteBuffer.wrap(bytes).getLong(1);
    }
    if (number <= 0 || number > LARGEST_SCHEMA) {
      return false;
    }
    if (schemaNumbers.size() < NAMED) {
      schemaNumbers.add(number);
    }
    return true;
  }

  /** How many were looked at, whoever's they are. */
  long all() {
    return all;
  }

  /** Those with a mark; the ones of {@link #misspelled()} are apart. */
  Places marked(Mark mark) {
    return marks.getOrDefault(mark, new Places());
  }

  /** Those with the tenant's key in another spelling. */
  Places misspelled() {
    return misspelled;
  }

  /** The tenant's that are older than the dedicated topic retains. */
  Places expired() {
    return expired;
  }

  /** The tenant's without a key. */
  Places keyless() {
    return keyless;
  }

  /** The tenant's that name a schema of a registry. */
  Places schemas() {
    return schemas;
  }

  /** Those without a value that do not say whose they are. */
  Places unmarkedTombstones() {
    return unmarkedTombstones;
  }

  /** Some of the schemas' numbers. */
  Set<Long> schemaNumbers() {
    return schemaNumbers;
  }

  /** Whether every value begins with a schema's number, of those that have a value. */
  boolean areAllWithSchema() {
    return values > 0 && valuesWithSchema == values;
  }
}

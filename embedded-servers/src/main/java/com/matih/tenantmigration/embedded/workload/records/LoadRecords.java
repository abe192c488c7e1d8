package com.matih.tenantmigration.embedded.workload.records;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Random;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.jspecify.annotations.Nullable;

/** Makes records of all kinds from a seed: without key or value, with odd headers, old and new. */
final class LoadRecords {

  static final String ID_HEADER = "load-id";
  private static final long NEW_YEAR_2020 = 1_577_836_800_000L;

  private final RecordLoadSettings settings;
  private final String writer;
  private final Random random;
  private long number;

  LoadRecords(RecordLoadSettings settings, String writer, Random random) {
    this.settings = settings;
    this.writer = writer;
    this.random = random;
  }

  /** The next record, mostly the tenant's own. */
  ProducerRecord<byte[], byte[]> next() {
    boolean isNeighbours = !settings.neighbours().isEmpty() && random.nextInt(3) == 0;
    String tenant =
        isNeighbours
            ? settings.neighbours().get(random.nextInt(settings.neighbours().size()))
            : settings.tenant();
    ProducerRecord<byte[], byte[]> made =
        new ProducerRecord<>(
            settings.topic(),
            random.nextInt(settings.partitions()),
            timestamp(),
            random.nextInt(5) == 0 ? null : bytes("key-" + random.nextInt(40)),
            value());
    if (random.nextInt(4) == 0) {
      made.headers().add("trace", random.nextBoolean() ? null : new byte[] {(byte) number, -1});
    }
    made.headers().add(RecordLoad.TENANT_HEADER, bytes(tenant));
    made.headers().add(ID_HEADER, bytes("%s/%s/%d".formatted(settings.tenant(), writer, number++)));
    return made;
  }

  /** Now, or a time in the past, which need not grow with the offsets. */
  private long timestamp() {
    return random.nextInt(6) == 0
        ? NEW_YEAR_2020 + random.nextInt(1_000_000_000)
        : System.currentTimeMillis();
  }

  private byte @Nullable [] value() {
    if (random.nextInt(8) == 0) {
      return null;
    }
    byte[] value = new byte[random.nextInt(20) == 0 ? 20_000 : random.nextInt(200)];
    random.nextBytes(value);
    return value;
  }

  static String header(Headers headers, String name) {
    Header header = headers.lastHeader(name);
    return header == null ? "" : new String(header.value(), StandardCharsets.UTF_8);
  }

  /** All of a record that has to arrive, as text. */
  static String content(
      byte @Nullable [] key, byte @Nullable [] value, Headers headers, long timestamp) {
    StringBuilder text = new StringBuilder();
    text.append(hex(key)).append(' ').append(hex(value)).append(' ').append(timestamp);
    headers.forEach(
        header -> text.append(' ').append(header.key()).append('=').append(hex(header.value())));
    return text.toString();
  }

  private static String hex(byte @Nullable [] bytes) {
    if (bytes == null) {
      return "none";
    }
    return bytes.length > 300
        ? "%d bytes %08x".formatted(bytes.length, Arrays.hashCode(bytes))
        : HexFormat.of().formatHex(bytes);
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}

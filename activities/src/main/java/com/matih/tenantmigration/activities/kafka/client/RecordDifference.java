package com.matih.tenantmigration.activities.kafka.client;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Header;

/** In what a record and its copy differ. */
public final class RecordDifference {

  private RecordDifference() {}

  public static boolean same(
      ConsumerRecord<byte[], byte[]> original, ConsumerRecord<byte[], byte[]> copy) {
    return sameIdentity(original, copy)
        && Arrays.equals(original.value(), copy.value())
        && sameHeaders(original, copy);
  }

  /** Whether they can only be a record and its copy, though perhaps a changed one. */
  public static boolean sameIdentity(
      ConsumerRecord<byte[], byte[]> original, ConsumerRecord<byte[], byte[]> copy) {
    return sameTimestamp(original, copy) && Arrays.equals(original.key(), copy.key());
  }

  /** What differs: {@code key}, {@code value}, {@code headers}, {@code timestamp}. */
  public static List<String> between(
      ConsumerRecord<byte[], byte[]> original, ConsumerRecord<byte[], byte[]> copy) {
    List<String> parts = new ArrayList<>();
    if (!Arrays.equals(original.key(), copy.key())) {
      parts.add("key");
    }
    if (!Arrays.equals(original.value(), copy.value())) {
      parts.add("value");
    }
    if (!sameHeaders(original, copy)) {
      parts.add("headers");
    }
    if (!sameTimestamp(original, copy)) {
      parts.add("timestamp");
    }
    return parts;
  }

  /** Records of the oldest format have no timestamp that could be kept. */
  private static boolean sameTimestamp(
      ConsumerRecord<byte[], byte[]> original, ConsumerRecord<byte[], byte[]> copy) {
    return original.timestamp() < 0 || original.timestamp() == copy.timestamp();
  }

  private static boolean sameHeaders(
      ConsumerRecord<byte[], byte[]> original, ConsumerRecord<byte[], byte[]> copy) {
    Header[] left = original.headers().toArray();
    Header[] right = copy.headers().toArray();
    if (left.length != right.length) {
      return false;
    }
    for (int i = 0; i < left.length; i++) {
      if (!left[i].key().equals(right[i].key())
          || !Arrays.equals(left[i].value(), right[i].value())) {
        return false;
      }
    }
    return true;
  }
}

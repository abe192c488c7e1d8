package com.matih.tenantmigration.activities.kafka.compare;

import com.matih.tenantmigration.workflow.request.KafkaSpec;
import com.matih.tenantmigration.workflow.request.KafkaSpec.TenantSelector;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Header;
import org.jspecify.annotations.Nullable;

/**
 * Judges whether a record says that it is the tenant's, by other code than what selected it. It
 * shares nothing with the selector but the request.
 */
final class LeakJudge {

  private final TenantSelector selector;
  private final String tenantKey;

  LeakJudge(KafkaSpec.Topic topic, String tenantKey) {
    this.selector = Objects.requireNonNull(topic.tenant(), "a topic without a selector");
    this.tenantKey = tenantKey;
  }

  boolean isTenants(ConsumerRecord<byte[], byte[]> copy) {
    String header = selector.header();
    if (header != null) {
      String last = null;
      for (Header each : copy.headers().toArray()) {
        if (each.key().equals(header)) {
          last = textOf(each.value());
        }
      }
      return tenantKey.equals(last);
    }
    String prefix = selector.keyPrefix();
    if (prefix != null) {
      String key = textOf(copy.key());
      return key != null && key.startsWith(prefix);
    }
    String field = selector.jsonField();
    String value = textOf(copy.value());
    if (field == null || value == null) {
      return false;
    }
    List<String> found = new JsonWalk(value, field).find();
    return !found.isEmpty() && found.stream().allMatch(tenantKey::equals);
  }

  private static @Nullable String textOf(byte @Nullable [] bytes) {
    return bytes == null ? null : new String(bytes, StandardCharsets.UTF_8);
  }
}

package com.matih.tenantmigration.activities.kafka.client;

import java.util.Map;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.common.Metric;
import org.apache.kafka.common.MetricName;

/**
 * Whether a broker holds a consumer back for its quota: it then hands out nothing for a while, and
 * is not silent all the same.
 */
public final class FetchQuota {

  private static final String THROTTLE_TIME = "fetch-throttle-time-max";

  private FetchQuota() {}

  /** Whether it did within the last minute. */
  public static boolean holds(Consumer<?, ?> consumer) {
    for (Map.Entry<MetricName, ? extends Metric> metric : consumer.metrics().entrySet()) {
      if (metric.getKey().name().equals(THROTTLE_TIME)
          && metric.getValue().metricValue() instanceof Double millis
          && millis > 0) {
        return true;
      }
    }
    return false;
  }
}

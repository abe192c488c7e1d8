package com.matih.tenantmigration.devstack.sample;

import com.matih.tenantmigration.workflow.request.KafkaSpec.TenantSelector;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;

/** The topics that tenants share, each with its own way to say whose a record is. */
public enum SampleTopic {
  /** What ran; whose it is, a header says. */
  QUERY_EVENTS("query-events", 4, 60),
  /** Who did what; whose it is, the key's beginning says. Compacted after a month. */
  AUDIT_LOG("audit-log", 3, 20),
  /** What is billed; whose it is, a field of the value says. */
  USAGE("usage", 2, 20);

  private final String dedicatedName;
  private final int partitions;
  private final int percent;

  SampleTopic(String dedicatedName, int partitions, int percent) {
    this.dedicatedName = dedicatedName;
    this.partitions = partitions;
    this.percent = percent;
  }

  /** The shared topic's name. */
  public String sharedName() {
    return "shared." + dedicatedName;
  }

  /** The name of a tenant's own. */
  public String dedicatedName(SampleTenant tenant) {
    return tenant.dedicatedName(dedicatedName);
  }

  /** How the request says whose a record is. */
  public TenantSelector selector(SampleTenant tenant) {
    return switch (this) {
      case QUERY_EVENTS -> new TenantSelector("tenant-id", null, null, false);
      case AUDIT_LOG -> new TenantSelector(null, tenant.id() + ":", null, false);
      case USAGE -> new TenantSelector(null, null, "tenantId", false);
    };
  }

  int partitions() {
    return partitions;
  }

  /** The topic's part of a tenant's records. */
  int records(SampleTenant tenant, SampleSize size) {
    return size.of(tenant).records() * percent / 100;
  }

  /** The topic's configuration: kept for a month, as its records are some days old. */
  Map<String, String> configuration() {
    String month = String.valueOf(Duration.ofDays(30).toMillis());
    Map<String, String> common =
        Map.of("retention.ms", month, "message.timestamp.type", "CreateTime");
    Map<String, String> all = new HashMap<>(common);
    all.putAll(
        switch (this) {
          case QUERY_EVENTS -> Map.of("cleanup.policy", "delete");
          case AUDIT_LOG ->
              Map.of("cleanup.policy", "compact,delete", "min.compaction.lag.ms", month);
          case USAGE -> Map.of("cleanup.policy", "delete", "segment.bytes", "4194304");
        });
    return all;
  }
}

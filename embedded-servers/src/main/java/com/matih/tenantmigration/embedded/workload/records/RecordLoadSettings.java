package com.matih.tenantmigration.embedded.workload.records;

import java.util.List;

/**
 * What a {@link RecordLoad} writes, and where.
 *
 * @param bootstrapServers the shared cluster
 * @param topic the topic that is written to; its partitions exist
 * @param tenant the value of the header {@value RecordLoad#TENANT_HEADER}
 * @param neighbours other tenants, whose records are written among the tenant's
 * @param groups the tenant's consumer groups, which commit positions and move back
 * @param seed the same seed writes the same records
 * @param recordsPerSecond of all producers together, about
 */
public record RecordLoadSettings(
    String bootstrapServers,
    String topic,
    int partitions,
    String tenant,
    List<String> neighbours,
    List<String> groups,
    long seed,
    int recordsPerSecond) {

  public RecordLoadSettings {
    neighbours = List.copyOf(neighbours);
    groups = List.copyOf(groups);
  }
}

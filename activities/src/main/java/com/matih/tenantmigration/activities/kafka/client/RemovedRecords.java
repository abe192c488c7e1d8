package com.matih.tenantmigration.activities.kafka.client;

import com.matih.tenantmigration.workflow.FailureType;
import com.matih.tenantmigration.workflow.MigrationException;
import org.apache.kafka.common.TopicPartition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Where reading goes on when the cluster no longer has the offset that comes next. */
public final class RemovedRecords {

  private static final Logger log = LoggerFactory.getLogger(RemovedRecords.class);

  private RemovedRecords() {}

  /**
   * The first offset that is left, where retention, or somebody, removed records that were not read
   * yet.
   *
   * @throws MigrationException of type SOURCE_CHANGED where the partition was truncated or its
   *     topic was recreated
   */
  public static long firstLeft(KafkaCluster cluster, TopicPartition partition, long position) {
    OffsetRange range =
        cluster
            .topics()
            .ranges(cluster.topics().require(partition.topic()))
            .get(partition.partition());
    if (range == null || range.begin() <= position) {
      throw new MigrationException(
          FailureType.SOURCE_CHANGED,
          ("%s no longer has offset %d in %s, although nothing before it was removed:"
                  + " the partition was truncated or its topic was recreated.")
              .formatted(cluster.name(), position, partition));
    }
    log.warn(
        "{} removed its records from offset {} to {} before they were read",
        partition,
        position,
        range.begin());
    return range.begin();
  }
}

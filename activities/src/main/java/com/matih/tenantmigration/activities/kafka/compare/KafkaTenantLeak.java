package com.matih.tenantmigration.activities.kafka.compare;

import com.matih.tenantmigration.activities.engine.Finding;
import com.matih.tenantmigration.activities.engine.ProgressMonitor;
import com.matih.tenantmigration.activities.engine.TenantLeakProbe;
import com.matih.tenantmigration.activities.engine.WorkerPool;
import com.matih.tenantmigration.activities.kafka.client.KafkaClients;
import com.matih.tenantmigration.activities.kafka.client.KafkaCluster;
import com.matih.tenantmigration.activities.kafka.client.OffsetRange;
import com.matih.tenantmigration.activities.kafka.client.PartitionReader;
import com.matih.tenantmigration.activities.kafka.client.TopicFacts;
import com.matih.tenantmigration.activities.secrets.SecretResolver;
import com.matih.tenantmigration.workflow.MigrationContext;
import com.matih.tenantmigration.workflow.request.KafkaSpec;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;

/**
 * Kafka's part of TENANT_LEAK: looks for records on the dedicated topics that do not say that they
 * are the tenant's. It judges by itself ({@link LeakJudge}): what the selector gets wrong it must
 * not get wrong as well.
 *
 * <p>A topic whose every record is the tenant's has nothing to tell them by; that it has no record
 * too many is RECORD_CONTENT's to find.
 */
public final class KafkaTenantLeak implements TenantLeakProbe {

  private final KafkaClients clients;

  public KafkaTenantLeak(SecretResolver secrets) {
    this.clients = new KafkaClients(secrets);
  }

  @Override
  public Finding findForeign(MigrationContext context, ProgressMonitor monitor) {
    KafkaSpec spec = context.spec(KafkaSpec.class);
    Finding finding = new Finding();
    try (KafkaCluster target = clients.target(context, monitor)) {
      List<Function<ProgressMonitor, Boolean>> tasks = new ArrayList<>();
      for (KafkaSpec.Topic topic : spec.topics()) {
        Optional<TopicFacts> dedicated = target.topics().find(topic.to());
        if (!topic.everyRecord() && dedicated.isPresent()) {
          LeakJudge judge = new LeakJudge(topic, context.request().tenantKey());
          target
              .topics()
              .ranges(dedicated.get())
              .forEach(
                  (partition, range) ->
                      tasks.add(
                          shared ->
                              look(
                                  target,
                                  new TopicPartition(topic.to(), partition),
                                  range,
                                  judge,
                                  finding,
                                  shared)));
        }
      }
      var unused = WorkerPool.callAll("partition", monitor, tasks);
    }
    return finding.comparedCount() == 0
        ? Finding.notApplicable("the dedicated topics have no record of a tenant")
        : finding;
  }

  private static boolean look(
      KafkaCluster target,
      TopicPartition partition,
      OffsetRange range,
      LeakJudge judge,
      Finding finding,
      ProgressMonitor monitor) {
    try (PartitionReader reader =
        new PartitionReader(target, partition, range.begin(), range.end())) {
      while (!reader.isFinished()) {
        monitor.throwIfCancelled();
        for (ConsumerRecord<byte[], byte[]> each : reader.poll()) {
          finding.compared(1);
          if (!judge.isTenants(each)) {
            finding.mismatch(
                "%s offset %d is not the tenant's".formatted(partition, each.offset()));
          }
        }
      }
    }
    return true;
  }
}

package com.matih.tenantmigration.benchmarks.kafka;

import com.matih.tenantmigration.activities.kafka.client.KafkaClients;
import com.matih.tenantmigration.activities.kafka.client.KafkaCluster;
import com.matih.tenantmigration.activities.kafka.client.TopicJournal;
import com.matih.tenantmigration.activities.kafka.compare.RecordComparison;
import com.matih.tenantmigration.activities.kafka.copy.PositionReader;
import com.matih.tenantmigration.activities.kafka.copy.TopicReplayer;
import com.matih.tenantmigration.activities.kafka.provision.TopicProvisioner;
import com.matih.tenantmigration.activities.secrets.SecretResolver;
import com.matih.tenantmigration.benchmarks.stores.OwnDatabase;
import com.matih.tenantmigration.benchmarks.stores.OwnEngines;
import com.matih.tenantmigration.benchmarks.stores.OwnMigration;
import com.matih.tenantmigration.benchmarks.stores.StoreServers;
import com.matih.tenantmigration.embedded.KafkaServer;
import com.matih.tenantmigration.workflow.CheckName;
import com.matih.tenantmigration.workflow.MigrationContext;
import com.matih.tenantmigration.workflow.request.KafkaSpec;

/** This program's replay and its check, as the activities run them. */
final class RecordEngines extends OwnEngines {

  private final StoreServers servers;
  private final SecretResolver secrets = SecretResolver.ofOperator(name -> null);
  private final KafkaClients clients = new KafkaClients(secrets);

  RecordEngines(StoreServers servers) {
    this.servers = servers;
  }

  @Override
  protected MigrationContext prepare(String target) {
    MigrationContext context =
        OwnMigration.of(
            servers,
            """
            kafka:
              source: {bootstrapServers: "%s"}
              target: {bootstrapServers: "%s"}
              topics: [{from: %s, to: %s, tenant: {header: %s}}]
            """
                .formatted(
                    servers.shared(KafkaServer.class).bootstrapServers(),
                    servers.dedicated(KafkaServer.class).bootstrapServers(),
                    KafkaBench.SHARED_TOPIC,
                    target,
                    KafkaBench.HEADER));
    TopicJournal journal = new TopicJournal(servers.journal(), context.migrationId());
    KafkaSpec.Topic topic = context.spec(KafkaSpec.class).topics().get(0);
    try (KafkaCluster source = clients.source(context, MONITOR);
        KafkaCluster dedicated = clients.target(context, MONITOR)) {
      new TopicProvisioner(source, dedicated, journal, context.migrationId()).provision(topic);
    }
    return context;
  }

  @Override
  protected void copy(MigrationContext context) {
    TopicJournal journal = new TopicJournal(servers.journal(), context.migrationId());
    KafkaSpec.Topic topic = context.spec(KafkaSpec.class).topics().get(0);
    try (KafkaCluster source = clients.source(context, MONITOR);
        KafkaCluster target = clients.target(context, MONITOR)) {
      PositionReader reader = new PositionReader(source, context, MONITOR);
      var unusedPositions = journal.rememberPositions(topic.from(), () -> reader.read(topic));
      var unused =
          new TopicReplayer(source, target, journal, context, new OwnDatabase()).replay(MONITOR);
    }
  }

  @Override
  protected void check(MigrationContext context) {
    requirePassed(
        CheckName.RECORD_CONTENT,
        new RecordComparison(secrets, servers.journal()).compare(context, MONITOR));
  }
}

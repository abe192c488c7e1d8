package com.matih.tenantmigration.devstack.outage;

import com.matih.tenantmigration.devstack.clusters.BucketScan;
import com.matih.tenantmigration.devstack.clusters.Databases;
import com.matih.tenantmigration.devstack.clusters.ElasticsearchHttp;
import com.matih.tenantmigration.devstack.clusters.PlainKafka;
import com.matih.tenantmigration.devstack.clusters.RedisClients;
import com.matih.tenantmigration.devstack.clusters.S3Clients;
import com.matih.tenantmigration.devstack.clusters.Side;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.common.TopicPartition;
import software.amazon.awssdk.services.s3.S3Client;

/**
 * Removes what is a tenant's: the dedicated side as a platform does that gives up a tenant, and the
 * shared copy as the documentation tells an operator to.
 */
final class SoakRemoval {

  private static final Path DOCUMENTATION = Path.of("..", "docs", "operations.md");
  private static final Pattern SECTION =
      Pattern.compile("### Remove the shared copy\n(.*?)\n## ", Pattern.DOTALL);
  private static final Pattern SQL = Pattern.compile("```sql\n(.*?)```", Pattern.DOTALL);

  /** The id that stands in the documentation for a migration's. */
  private static final String SAMPLE_ID = "3f9a1c2b4d5e";

  private final Side shared;
  private final Side dedicated;
  private final List<String> told;

  SoakRemoval(OutageStack stack) {
    shared = stack.sides().shared();
    dedicated = stack.sides().dedicated();
    told = told();
  }

  /** The SQL that the documentation has: before the rows are deleted, and after. */
  private static List<String> told() {
    try {
      var section = SECTION.matcher(Files.readString(DOCUMENTATION));
      if (!section.find()) {
        throw new IllegalStateException(DOCUMENTATION + " does not tell how to remove a copy");
      }
      return SQL.matcher(section.group(1)).results().map((MatchResult m) -> m.group(1)).toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * Removes all that an arrived tenant has.
   *
   * @param migrationId the migration that it arrived with
   */
  void remove(OutageTenant tenant, String migrationId) {
    removeDedicated(tenant);
    psql(tenant, migrationId, told.get(0));
    Databases.execute(
        shared,
        tenant.database(),
        """
        DELETE FROM app.runs WHERE tenant_id = '%1$s';
        DELETE FROM app.queries WHERE tenant_id = '%1$s';
        """
            .formatted(tenant.id()));
    psql(tenant, migrationId, told.get(1));
    delete(shared, OutageSample.BUCKET, tenant.prefix());
    delete(shared, OutageSample.BUCKET, "snapshots/%s/".formatted(tenant.id()));
    deleteDocuments(tenant);
    var unused =
        RedisClients.with(shared.redisUri(), redis -> redis.sync().del(tenant.id() + ":query:1"));
    Databases.execute(
        shared,
        OutageStack.CONTROL,
        "DELETE FROM tenant_control.tenant_config WHERE tenant_id = '%s'".formatted(tenant.id()));
  }

  private void psql(OutageTenant tenant, String migrationId, String sql) {
    try {
      Process psql =
          new ProcessBuilder(
                  "psql", "-X", "-q", "-v", "ON_ERROR_STOP=1", shared.pgUri(tenant.database()))
              .redirectErrorStream(true)
              .start();
      try (var input = psql.getOutputStream()) {
        input.write(sql.replace(SAMPLE_ID, migrationId).getBytes(StandardCharsets.UTF_8));
      }
      String answer = new String(psql.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      if (psql.waitFor() != 0) {
        throw new IllegalStateException("psql refused %s: %s".formatted(sql, answer));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  private void deleteDocuments(OutageTenant tenant) {
    StringBuilder lines = new StringBuilder();
    for (int n = 0; n < OutageSample.EACH; n++) {
      lines.append("{\"delete\": {\"_id\": \"%s-%d\"}}\n".formatted(tenant.id(), n));
    }
    ElasticsearchHttp elasticsearch = new ElasticsearchHttp(shared.elasticsearchUrl());
    elasticsearch.bulk(OutageSample.INDEX, lines.toString());
    var unused = elasticsearch.send("POST", "/" + OutageSample.INDEX + "/_refresh");
  }

  private void removeDedicated(OutageTenant tenant) {
    Databases.execute(dedicated, "postgres", "DROP DATABASE " + tenant.ownDatabase());
    delete(dedicated, tenant.id() + "-own", "");
    try (S3Client s3 = S3Clients.of(dedicated)) {
      var unused = s3.deleteBucket(delete -> delete.bucket(tenant.id() + "-own"));
    }
    try (Admin admin = PlainKafka.admin(dedicated.kafkaBootstrap())) {
      var unused =
          PlainKafka.await(
              "delete the topic", admin.deleteTopics(List.of(tenant.id() + "-events")).all());
      // the group of which nothing is left goes with its topic or here
      if (PlainKafka.await("list the groups", admin.listGroups().all()).stream()
          .anyMatch(group -> group.groupId().equals(tenant.id() + "-indexer"))) {
        unused =
            PlainKafka.await(
                "delete the group",
                admin.deleteConsumerGroups(List.of(tenant.id() + "-indexer")).all());
      }
    }
    var unused =
        new ElasticsearchHttp(dedicated.elasticsearchUrl())
            .send("DELETE", "/" + tenant.id() + "-docs");
    String redis = dedicated.redisUri() + "/" + tenant.number();
    var unusedToo = RedisClients.with(redis, connection -> connection.sync().flushdb());
  }

  private static void delete(Side side, String bucket, String prefix) {
    try (S3Client s3 = S3Clients.of(side)) {
      for (String key : BucketScan.keys(s3, bucket, prefix)) {
        var unused = s3.deleteObject(delete -> delete.bucket(bucket).key(key));
      }
    }
  }

  /** Deletes all records of the shared topic, as retention does in the end. */
  void removeRecords() {
    TopicPartition partition = new TopicPartition(OutageSample.TOPIC, 0);
    try (Admin admin = PlainKafka.admin(shared.kafkaBootstrap())) {
      long end =
          PlainKafka.await(
                  "read the topic's end",
                  admin
                      .listOffsets(Map.of(partition, OffsetSpec.latest()))
                      .partitionResult(partition))
              .offset();
      var unused =
          PlainKafka.await(
              "delete the records",
              admin
                  .deleteRecords(Map.of(partition, RecordsToDelete.beforeOffset(end)))
                  .lowWatermarks()
                  .get(partition));
    }
  }
}

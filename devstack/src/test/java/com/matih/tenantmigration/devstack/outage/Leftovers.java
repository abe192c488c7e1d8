package com.matih.tenantmigration.devstack.outage;

import com.matih.tenantmigration.devstack.clusters.Databases;
import com.matih.tenantmigration.devstack.clusters.ElasticsearchHttp;
import com.matih.tenantmigration.devstack.clusters.PlainKafka;
import com.matih.tenantmigration.devstack.clusters.RedisClients;
import com.matih.tenantmigration.devstack.clusters.S3Clients;
import com.matih.tenantmigration.devstack.clusters.Side;
import com.matih.tenantmigration.starter.OperationRejectedException;
import com.matih.tenantmigration.workflow.Compensation;
import com.matih.tenantmigration.workflow.repair.RepairReport;
import com.matih.tenantmigration.workflow.report.MigrationReport;
import com.matih.tenantmigration.workflow.report.RollbackStep;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.GroupListing;
import software.amazon.awssdk.services.s3.S3Client;

/**
 * What a migration that was rolled back has left on the dedicated side, by what lies in the stores
 * themselves: whatever is there must be named, and a repair must remove it.
 */
final class Leftovers {

  private static final Duration PATIENCE = Duration.ofMinutes(3);

  private final OutageStack stack;
  private final OutageTenant tenant;
  private final MigrationReport report;

  Leftovers(OutageStack stack, OutageTenant tenant, MigrationReport report) {
    this.stack = stack;
    this.tenant = tenant;
    this.report = report;
  }

  /** What is there, or was not removed, although the rollback does not name it. */
  List<String> unnamed() {
    List<String> problems = new ArrayList<>();
    for (RollbackStep step : report.rollback()) {
      if (step.status() == RollbackStep.Status.FAILED && !names(step)) {
        problems.add("a step does not name what it left: " + step);
      }
    }
    for (Compensation left : there()) {
      boolean named =
          report.rollback().stream()
              .filter(step -> step.step().equals(left.name()))
              .anyMatch(Leftovers::names);
      if (!named) {
        problems.add("%s was left and not named: %s".formatted(left, report.rollback()));
      }
    }
    return problems;
  }

  private static boolean names(RollbackStep step) {
    return !step.left().isEmpty() || step.message().contains("Left behind: ");
  }

  /** What a repair leaves, once every store answers again. */
  List<String> afterRepair() throws InterruptedException {
    List<String> problems = new ArrayList<>();
    RepairReport repaired = repair();
    if (repaired.somethingLeft()) {
      problems.add("a repair left " + repaired.steps());
    }
    there().forEach(left -> problems.add("a repair did not do " + left));
    return problems;
  }

  /** The outcome is on record moments before the workflow ends, and a repair waits for that. */
  RepairReport repair() throws InterruptedException {
    Instant deadline = Instant.now().plus(PATIENCE);
    while (true) {
      try {
        return stack.migrations().repair(tenant.id(), "judge", live -> {});
      } catch (OperationRejectedException e) {
        if (Instant.now().isAfter(deadline)) {
          throw e;
        }
        Thread.sleep(1_000);
      }
    }
  }

  /** The steps of a rollback that have something to remove still. */
  private Set<Compensation> there() {
    Side dedicated = stack.sides().dedicated();
    Set<Compensation> there = EnumSet.noneOf(Compensation.class);
    if (Databases.exists(dedicated, tenant.ownDatabase())
        || Databases.exists(dedicated, "tenant_migration_" + report.migrationId())) {
      there.add(Compensation.DROP_DATABASE);
    }
    try (S3Client s3 = S3Clients.of(dedicated)) {
      if (s3.listBuckets().buckets().stream()
          .anyMatch(b -> b.name().equals(tenant.id() + "-own"))) {
        there.add(Compensation.DELETE_OBJECTS);
      }
    }
    if (hasTopicsOrGroups(dedicated)) {
      there.add(Compensation.DELETE_TOPICS);
    }
    if (new ElasticsearchHttp(dedicated.elasticsearchUrl()).exists("/" + tenant.id() + "-docs")) {
      there.add(Compensation.DELETE_INDICES);
    }
    long keys =
        RedisClients.with(
            dedicated.redisUri() + "/" + tenant.number(), redis -> redis.sync().dbsize());
    if (keys > 0) {
      there.add(Compensation.EVICT_CACHE);
    }
    return there;
  }

  private boolean hasTopicsOrGroups(Side dedicated) {
    try (Admin admin = PlainKafka.admin(dedicated.kafkaBootstrap())) {
      Stream<String> topics =
          PlainKafka.await("list the topics", admin.listTopics().names()).stream();
      Stream<String> groups =
          PlainKafka.await("list the groups", admin.listGroups().all()).stream()
              .map(GroupListing::groupId);
      return Stream.concat(topics, groups)
          .anyMatch(
              name ->
                  name.startsWith(tenant.id() + "-")
                      || name.startsWith("tenant-migration-" + report.migrationId()));
    }
  }
}

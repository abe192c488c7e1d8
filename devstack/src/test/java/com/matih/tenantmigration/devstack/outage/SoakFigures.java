package com.matih.tenantmigration.devstack.outage;

import com.fasterxml.jackson.databind.JsonNode;
import com.matih.tenantmigration.devstack.clusters.BucketScan;
import com.matih.tenantmigration.devstack.clusters.Databases;
import com.matih.tenantmigration.devstack.clusters.ElasticsearchHttp;
import com.matih.tenantmigration.devstack.clusters.PlainKafka;
import com.matih.tenantmigration.devstack.clusters.RedisClients;
import com.matih.tenantmigration.devstack.clusters.S3Clients;
import com.matih.tenantmigration.devstack.clusters.Side;
import java.time.Instant;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListTransactionsOptions;
import org.apache.kafka.clients.admin.TransactionState;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.Bucket;

/** Reads the figures from the worker's process and from the servers themselves. */
final class SoakFigures {

  private static final Pattern DBSIZE = Pattern.compile("keys=(\\d+)");
  private static final Pattern SCRIPTS = Pattern.compile("number_of_cached_scripts:(\\d+)");

  private final OutageStack stack;
  private final SoakWorker worker;
  private final List<Doors> doors;
  private final Map<SoakFigure, Long> figures = new EnumMap<>(SoakFigure.class);

  private SoakFigures(OutageStack stack, SoakWorker worker, List<Doors> doors) {
    this.stack = stack;
    this.worker = worker;
    this.doors = doors;
  }

  /**
   * Takes all figures.
   *
   * @param doors through which the worker reaches the tenants' stores
   * @param since when the round began whose rows in the control plane are counted
   */
  static Map<SoakFigure, Long> take(
      OutageStack stack, SoakWorker worker, List<Doors> doors, Instant since)
      throws InterruptedException {
    SoakFigures figures = new SoakFigures(stack, worker, doors);
    figures.ofServers();
    figures.ofControlPlane(since);
    figures.ofWorker();
    return figures.figures;
  }

  private long storeConnections() {
    return doors.stream()
        .mapToLong(
            door -> Stream.of(Store.values()).mapToInt(s -> door.before(s).connections()).sum())
        .sum();
  }

  private void add(SoakFigure figure, long value) {
    figures.merge(figure, value, Long::sum);
  }

  private void ofWorker() throws InterruptedException {
    add(SoakFigure.STORE_CONNECTIONS, storeConnections());
    add(SoakFigure.CONTROL_CONNECTIONS, stack.controlDoor().connections());
    SoakWorker.Memory memory = worker.memory();
    add(SoakFigure.HEAP, memory.heap());
    add(SoakFigure.METASPACE, memory.metaspace());
    add(SoakFigure.RESIDENT, worker.resident());
    add(SoakFigure.THREADS, worker.threads().values().stream().mapToLong(Long::longValue).sum());
    Map<String, Long> descriptors = worker.descriptors();
    long sockets = descriptors.getOrDefault("socket", 0L);
    long files = descriptors.getOrDefault("file", 0L);
    add(SoakFigure.SOCKETS, sockets);
    add(SoakFigure.FILES, files);
    add(
        SoakFigure.OTHER_DESCRIPTORS,
        descriptors.values().stream().mapToLong(Long::longValue).sum() - sockets - files);
    add(SoakFigure.CHILDREN, worker.children());
    add(SoakFigure.TEMPORARY_FILES, worker.temporaryFiles().size());
    add(SoakFigure.SERIES, worker.series());
    add(SoakFigure.COMPLAINTS, worker.complaints().size());
  }

  private void ofServers() {
    Side shared = stack.sides().shared();
    Side dedicated = stack.sides().dedicated();
    add(SoakFigure.SHARED_SESSIONS, sessions(shared));
    add(SoakFigure.DEDICATED_SESSIONS, sessions(dedicated));
    ofSharedDatabase(shared);
    for (Side side : List.of(shared, dedicated)) {
      ofPostgres(side);
      ofKafka(side);
      ofElasticsearch(side);
      ofRedis(side);
      ofObjectStorage(side);
    }
  }

  private static long sessions(Side side) {
    return number(
        side,
        "postgres",
        "SELECT count(*) FROM pg_stat_activity WHERE backend_type = 'client backend'"
            + " AND pid <> pg_backend_pid() AND datname <> '"
            + OutageStack.CONTROL
            + "'");
  }

  private static long number(Side side, String database, String sql) {
    return Long.parseLong(Databases.query(side, database, sql).get(0));
  }

  private void ofSharedDatabase(Side shared) {
    String ours = "'tenant_migration%'";
    add(
        SoakFigure.FENCE_TRIGGERS,
        number(
            shared,
            SoakRun.DATABASE,
            "SELECT count(*) FROM pg_trigger WHERE tgname LIKE '~~~tenant_migration%'"));
    add(
        SoakFigure.FENCE_OBJECTS,
        number(
            shared,
            SoakRun.DATABASE,
            """
            SELECT (SELECT count(*) FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace
                     WHERE n.nspname LIKE %1$s)
                 + (SELECT count(*) FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
                     WHERE n.nspname LIKE %1$s)
            """
                .formatted(ours)));
    // with what nobody would look for by its name
    add(
        SoakFigure.SHARED_OBJECTS,
        number(
            shared,
            SoakRun.DATABASE,
            """
            SELECT (SELECT count(*) FROM pg_class WHERE relkind <> 't'
                      AND relnamespace <> ALL (ARRAY(SELECT oid FROM pg_namespace WHERE nspname LIKE 'pg\\_temp%' OR nspname LIKE 'pg\\_toast%')))
                 + (SELECT count(*) FROM pg_proc) + (SELECT count(*) FROM pg_trigger)
                 + (SELECT count(*) FROM pg_namespace WHERE nspname !~ '^pg_(toast_)?temp|^tenant_migration_fence$')
                 + (SELECT count(*) FROM pg_publication) + (SELECT count(*) FROM pg_largeobject_metadata)
            """));
  }

  private void ofPostgres(Side side) {
    add(SoakFigure.DATABASES, number(side, "postgres", "SELECT count(*) FROM pg_database"));
    add(
        SoakFigure.SCRATCH_DATABASES,
        number(
            side,
            "postgres",
            "SELECT count(*) FROM pg_database WHERE datname LIKE 'tenant\\_migration%'"));
    add(SoakFigure.SLOTS, number(side, "postgres", "SELECT count(*) FROM pg_replication_slots"));
    add(SoakFigure.PREPARED, number(side, "postgres", "SELECT count(*) FROM pg_prepared_xacts"));
    add(
        SoakFigure.ADVISORY_LOCKS,
        number(side, "postgres", "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory'"));
    add(SoakFigure.ROLES, number(side, "postgres", "SELECT count(*) FROM pg_roles"));
  }

  private void ofKafka(Side side) {
    try (Admin admin = PlainKafka.admin(side.kafkaBootstrap())) {
      add(
          SoakFigure.TOPICS,
          PlainKafka.await("list the topics", admin.listTopics().names()).size());
      add(SoakFigure.GROUPS, PlainKafka.await("list the groups", admin.listGroups().all()).size());
      add(
          SoakFigure.OPEN_TRANSACTIONS,
          PlainKafka.await(
                  "list the transactions",
                  admin
                      .listTransactions(
                          new ListTransactionsOptions()
                              .filterStates(
                                  List.of(
                                      TransactionState.ONGOING,
                                      TransactionState.PREPARE_ABORT,
                                      TransactionState.PREPARE_COMMIT)))
                      .all())
              .size());
    }
  }

  private void ofElasticsearch(Side side) {
    ElasticsearchHttp elasticsearch = new ElasticsearchHttp(side.elasticsearchUrl());
    add(
        SoakFigure.INDICES,
        elasticsearch.send("GET", "/_cat/indices?format=json&expand_wildcards=all").size());
    add(SoakFigure.ALIASES, elasticsearch.send("GET", "/_cat/aliases?format=json").size());
    add(SoakFigure.SEARCH_CONTEXTS, searchContexts(side));
  }

  /** Those of points-in-time and scrolls on both sides. */
  static long searchContexts(OutageStack stack) {
    return searchContexts(stack.sides().shared()) + searchContexts(stack.sides().dedicated());
  }

  private static long searchContexts(Side side) {
    long contexts = 0;
    for (JsonNode node :
        new ElasticsearchHttp(side.elasticsearchUrl())
            .send("GET", "/_nodes/stats/indices/search")
            .path("nodes")) {
      contexts += node.at("/indices/search/open_contexts").asLong();
    }
    return contexts;
  }

  private void ofRedis(Side side) {
    String told =
        RedisClients.with(
            side.redisUri(),
            redis -> {
              // one of them asks
              add(SoakFigure.REDIS_CLIENTS, redis.sync().clientList().lines().count() - 1);
              return redis.sync().info();
            });
    add(
        SoakFigure.REDIS_KEYS,
        DBSIZE.matcher(told).results().mapToLong(keys -> Long.parseLong(keys.group(1))).sum());
    add(
        SoakFigure.REDIS_SCRIPTS,
        SCRIPTS.matcher(told).results().mapToLong(keys -> Long.parseLong(keys.group(1))).sum());
  }

  private void ofObjectStorage(Side side) {
    try (S3Client s3 = S3Clients.of(side)) {
      List<String> buckets = s3.listBuckets().buckets().stream().map(Bucket::name).toList();
      add(SoakFigure.BUCKETS, buckets.size());
      for (String bucket : buckets) {
        add(SoakFigure.OBJECTS, BucketScan.keys(s3, bucket, "").size());
        add(
            SoakFigure.UPLOADS,
            s3.listMultipartUploads(list -> list.bucket(bucket)).uploads().size());
      }
      figures.putIfAbsent(SoakFigure.OBJECTS, 0L);
      figures.putIfAbsent(SoakFigure.UPLOADS, 0L);
    }
  }

  private void ofControlPlane(Instant since) {
    Side shared = stack.sides().shared();
    add(
        SoakFigure.TENANTS,
        number(
            shared,
            OutageStack.CONTROL,
            """
            SELECT (SELECT count(*) FROM tenant_control.tenant_config)
                 + (SELECT count(*) FROM tenant_control.service_instance)
                 + (SELECT count(*) FROM tenant_control.read_only_acknowledgement)
            """));
    String recent =
        "(SELECT migration_id FROM tenant_control.migration WHERE started_at >= '%s')"
            .formatted(since);
    for (Map.Entry<SoakFigure, String> table :
        Map.of(
                SoakFigure.AUDIT_ROWS, "migration_audit",
                SoakFigure.JOURNAL_ROWS, "migration_journal")
            .entrySet()) {
      add(
          table.getKey(),
          number(
              shared,
              OutageStack.CONTROL,
              "SELECT coalesce(max(n), 0) FROM (SELECT count(*) AS n FROM tenant_control.%s WHERE migration_id IN %s GROUP BY migration_id) counted"
                  .formatted(table.getValue(), recent)));
    }
    add(
        SoakFigure.REPORT,
        number(
            shared,
            OutageStack.CONTROL,
            "SELECT coalesce(max(length(report::text)), 0) / 1024 FROM tenant_control.migration WHERE migration_id IN "
                + recent));
    add(
        SoakFigure.RUNNING,
        number(
            shared,
            OutageStack.CONTROL,
            "SELECT count(*) FROM tenant_control.migration WHERE outcome = 'RUNNING'"));
  }

  /** What the figures are headed by. */
  static String heading() {
    return Stream.of(SoakFigure.values())
        .map(figure -> padded(figure, figure.heading()))
        .collect(Collectors.joining(" "));
  }

  static String line(Map<SoakFigure, Long> figures) {
    return Stream.of(SoakFigure.values())
        .map(figure -> padded(figure, String.valueOf(figures.get(figure))))
        .collect(Collectors.joining(" "));
  }

  private static String padded(SoakFigure figure, String text) {
    int width = Math.max(6, figure.heading().length());
    return ("%" + width + "s").formatted(text);
  }
}

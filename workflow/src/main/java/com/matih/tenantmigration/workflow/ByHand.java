package com.matih.tenantmigration.workflow;

import com.matih.tenantmigration.workflow.request.ElasticsearchSpec;
import com.matih.tenantmigration.workflow.request.KafkaSpec;
import com.matih.tenantmigration.workflow.request.MigrationRequest;
import com.matih.tenantmigration.workflow.request.ObjectStorageSpec;
import com.matih.tenantmigration.workflow.request.PostgresSpec;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * How an operator removes what a step of the way back left, with the commands of the store's own
 * tools; never credentials.
 *
 * <p>Nothing here brings a tenant back: what restores its configuration has to look first at who
 * changed it, which the step itself tells.
 */
final class ByHand {

  private static final int LONGEST_LIST = 10;
  private static final String REFERENCE = "\\$\\{[^}]*}";

  private ByHand() {}

  /** A sentence with the commands; empty where only a repair should do it. */
  static String of(Compensation step, MigrationContext context) {
    MigrationRequest request = context.request();
    String id = context.migrationId();
    List<String> commands =
        switch (step) {
          case ROUTE_BACK, REACTIVATE_TENANT -> List.of();
          case RELEASE_FENCE, REMOVE_FENCE -> fence(id);
          case DROP_DATABASE -> database(id, request.postgres());
          case DELETE_OBJECTS -> objects(request.objectStorage());
          case DELETE_TOPICS -> topics(id, request.kafka());
          case DELETE_INDICES -> indices(request.elasticsearch());
          case EVICT_CACHE -> keys(id);
        };
    if (commands.isEmpty()) {
      return "";
    }
    String condition =
        step == Compensation.RELEASE_FENCE || step == Compensation.REMOVE_FENCE
            ? ""
            : ", only where the tenant's row in tenant_control.tenant_config does not name it";
    return "By hand%s: %s.".formatted(condition, String.join("; ", commands));
  }

  /** The functions of one migration; their triggers go with them. */
  private static List<String> fence(String id) {
    return List.of(
        "in the shared database, psql: SELECT format('DROP FUNCTION %s CASCADE', oid::regprocedure)"
            + " FROM pg_proc WHERE pronamespace = 'tenant_migration_fence'::regnamespace"
            + " AND starts_with(proname, 'fence_"
            + id
            + "') \\gexec");
  }

  private static List<String> database(String id, @Nullable PostgresSpec postgres) {
    if (postgres == null) {
      return List.of();
    }
    String url = withoutParameters(postgres.target().url());
    String name = url.substring(url.lastIndexOf('/') + 1);
    return List.of(
        "DROP DATABASE %s WITH (FORCE), where its comment names migration %s"
            .formatted(identifier(name), id),
        "DROP DATABASE IF EXISTS tenant_migration_%s WITH (FORCE)".formatted(id));
  }

  private static List<String> objects(@Nullable ObjectStorageSpec objects) {
    if (objects == null) {
      return List.of();
    }
    ObjectStorageSpec.Location target = objects.target();
    String aws =
        target.endpoint() == null
            ? "aws s3"
            : "aws --endpoint-url %s s3".formatted(word(address(target.endpoint())));
    return List.of(
        "%s rm --recursive %s".formatted(aws, word(target.uri())),
        "%s rb %s, where the migration created the bucket"
            .formatted(aws, word("s3://" + target.bucket())));
  }

  private static List<String> topics(String id, @Nullable KafkaSpec kafka) {
    if (kafka == null) {
      return List.of();
    }
    String server = "--bootstrap-server " + word(kafka.target().bootstrapServers());
    return bounded(
        Stream.concat(
                kafka.topics().stream()
                    .map(
                        topic ->
                            "kafka-topics %s --delete --topic %s"
                                .formatted(server, word(topic.to()))),
                Stream.concat(
                    kafka.consumerGroups().stream()
                        .map(
                            group ->
                                "kafka-consumer-groups %s --delete --group %s"
                                    .formatted(server, word(group.to()))),
                    Stream.of(
                        "kafka-consumer-groups %s --delete --group tenant-migration-%s-anchor"
                            .formatted(server, id))))
            .toList());
  }

  private static List<String> indices(@Nullable ElasticsearchSpec documents) {
    if (documents == null) {
      return List.of();
    }
    String url = address(documents.target().url());
    return bounded(
        documents.indices().stream()
            .map(
                index ->
                    "curl -X DELETE %s, with its aliases".formatted(word(url + "/" + index.to())))
            .toList());
  }

  private static List<String> keys(String id) {
    String warmed = "tenant-migration:%s:warmed".formatted(id);
    return List.of(
        "in the dedicated cache, UNLINK the keys that ZRANGE %s 0 -1 lists".formatted(warmed),
        "then UNLINK %s tenant-migration:%s:epoch".formatted(warmed, id));
  }

  private static List<String> bounded(List<String> commands) {
    if (commands.size() <= LONGEST_LIST) {
      return commands;
    }
    List<String> first = new ArrayList<>(commands.subList(0, LONGEST_LIST));
    first.add("and %d more of the request".formatted(commands.size() - LONGEST_LIST));
    return first;
  }

  private static String identifier(String name) {
    return '"' + name.replace("\"", "\"\"") + '"';
  }

  /** As a shell takes it for one word. */
  private static String word(String text) {
    return text.matches("[A-Za-z0-9_./:,=@%+-]+") ? text : "'" + text.replace("'", "'\\''") + "'";
  }

  private static String address(String url) {
    return withoutParameters(url.replaceAll(REFERENCE, "…")).replaceFirst("://[^/]*@", "://");
  }

  private static String withoutParameters(String url) {
    int parameters = url.indexOf('?');
    return parameters < 0 ? url : url.substring(0, parameters);
  }
}

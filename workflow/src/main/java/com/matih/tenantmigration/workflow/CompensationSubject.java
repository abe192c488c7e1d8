package com.matih.tenantmigration.workflow;

import com.matih.tenantmigration.workflow.request.ElasticsearchSpec;
import com.matih.tenantmigration.workflow.request.KafkaSpec;
import com.matih.tenantmigration.workflow.request.MigrationRequest;
import com.matih.tenantmigration.workflow.request.ObjectStorageSpec;
import com.matih.tenantmigration.workflow.request.PostgresSpec;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** What a step of the way back works on, in words that name it; never credentials. */
final class CompensationSubject {

  private static final int LONGEST_LIST = 10;

  private CompensationSubject() {}

  static String of(Compensation step, MigrationRequest request) {
    String tenant = request.tenant();
    return switch (step) {
      case ROUTE_BACK -> "the route of tenant " + tenant;
      case RELEASE_FENCE -> "the fence in " + shared(request.postgres());
      case REACTIVATE_TENANT -> "the state of tenant " + tenant;
      case DROP_DATABASE -> "the dedicated database" + dedicated(request.postgres());
      case DELETE_OBJECTS -> "the dedicated objects" + below(request.objectStorage());
      case DELETE_TOPICS -> "the dedicated topics" + topics(request.kafka());
      case DELETE_INDICES -> "the dedicated indices" + indices(request.elasticsearch());
      case EVICT_CACHE -> "the keys that were warmed in the dedicated cache";
      case REMOVE_FENCE -> "the fence's triggers in " + shared(request.postgres());
    };
  }

  private static String shared(@Nullable PostgresSpec postgres) {
    return postgres == null
        ? "the shared database"
        : "schema %s of %s"
            .formatted(postgres.sourceSchema(), withoutProperties(postgres.source().url()));
  }

  private static String dedicated(@Nullable PostgresSpec postgres) {
    return postgres == null ? "" : " " + withoutProperties(postgres.target().url());
  }

  private static String withoutProperties(String url) {
    int properties = url.indexOf('?');
    return properties < 0 ? url : url.substring(0, properties);
  }

  private static String below(@Nullable ObjectStorageSpec objects) {
    return objects == null ? "" : " below " + objects.target().uri();
  }

  private static String topics(@Nullable KafkaSpec kafka) {
    return kafka == null
        ? ""
        : list(
            Stream.concat(
                    kafka.topics().stream().map(KafkaSpec.Topic::to),
                    kafka.consumerGroups().stream().map(group -> "group " + group.to()))
                .toList());
  }

  private static String indices(@Nullable ElasticsearchSpec documents) {
    return documents == null
        ? ""
        : list(documents.indices().stream().map(ElasticsearchSpec.Index::to).toList());
  }

  private static String list(List<String> names) {
    String first = names.stream().limit(LONGEST_LIST).collect(Collectors.joining(", ", " ", ""));
    return names.size() <= LONGEST_LIST
        ? first
        : first + " and %d more".formatted(names.size() - LONGEST_LIST);
  }
}

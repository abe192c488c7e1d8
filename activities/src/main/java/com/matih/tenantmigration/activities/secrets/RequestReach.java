package com.matih.tenantmigration.activities.secrets;

import com.matih.tenantmigration.workflow.MigrationContext;
import com.matih.tenantmigration.workflow.MigrationException;
import com.matih.tenantmigration.workflow.StoreName;
import com.matih.tenantmigration.workflow.input.SecretReferences;
import com.matih.tenantmigration.workflow.report.PlanFindings;
import com.matih.tenantmigration.workflow.report.Refusal;
import com.matih.tenantmigration.workflow.report.StoresSummary;
import com.matih.tenantmigration.workflow.request.ElasticsearchSpec;
import com.matih.tenantmigration.workflow.request.KafkaSpec;
import com.matih.tenantmigration.workflow.request.MigrationRequest;
import com.matih.tenantmigration.workflow.request.ObjectStorageSpec;
import com.matih.tenantmigration.workflow.request.PostgresSpec;
import com.matih.tenantmigration.workflow.request.RedisSpec;
import com.matih.tenantmigration.workflow.request.allowed.JdbcParameters;
import com.matih.tenantmigration.workflow.request.allowed.KafkaProperties;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Looks, before any store is asked, whether a request names only secrets, files and hosts that the
 * operator lets requests reach. Each connection asks again when it is opened.
 */
public final class RequestReach {

  private final SecretResolver secrets;

  public RequestReach(SecretResolver secrets) {
    this.secrets = secrets;
  }

  /**
   * What a look at a store finds; where anything of the request, of whichever store, is out of
   * reach, only what is so of this store, and no store is asked.
   */
  public PlanFindings plan(MigrationContext context, StoreName store, Supplier<PlanFindings> look) {
    List<Refusal> refusals = new Visit().of(context.request());
    return refusals.isEmpty()
        ? look.get()
        : new PlanFindings(
            StoresSummary.NONE,
            refusals.stream().filter(refusal -> refusal.store().equals(store.key())).toList(),
            List.of());
  }

  /** One walk over a request. */
  private final class Visit {

    private final List<Refusal> refusals = new ArrayList<>();

    List<Refusal> of(MigrationRequest request) {
      PostgresSpec postgres = request.postgres();
      if (postgres != null) {
        database(postgres.source(), "postgres.source");
        database(postgres.target(), "postgres.target");
      }
      ObjectStorageSpec objects = request.objectStorage();
      if (objects != null) {
        location(objects.source(), "objectStorage.source");
        location(objects.target(), "objectStorage.target");
      }
      KafkaSpec kafka = request.kafka();
      if (kafka != null) {
        cluster(kafka.source(), "kafka.source");
        cluster(kafka.target(), "kafka.target");
      }
      ElasticsearchSpec elasticsearch = request.elasticsearch();
      if (elasticsearch != null) {
        cluster(elasticsearch.source(), "elasticsearch.source");
        cluster(elasticsearch.target(), "elasticsearch.target");
      }
      RedisSpec redis = request.redis();
      if (redis != null) {
        address(redis.source().uri(), "redis.source.uri");
        optionalFile(redis.source().caFile(), "redis.source.caFile");
        address(redis.target().uri(), "redis.target.uri");
        optionalFile(redis.target().caFile(), "redis.target.caFile");
      }
      List<String> endpoints = request.verification().api();
      for (int i = 0; i < endpoints.size(); i++) {
        address(endpoints.get(i), "verification.api[" + i + "]");
      }
      return refusals;
    }

    private void database(PostgresSpec.Database database, String path) {
      address(database.url(), path + ".url");
      secret(database.password(), path + ".password");
      int query = database.url().indexOf('?');
      if (query >= 0) {
        JdbcParameters.files(database.url().substring(query + 1))
            .forEach(file -> file(file, path + ".url"));
      }
    }

    private void location(ObjectStorageSpec.Location location, String path) {
      if (location.endpoint() != null) {
        address(location.endpoint(), path + ".endpoint");
      }
      secret(location.accessKey(), path + ".accessKey");
      secret(location.secretKey(), path + ".secretKey");
      optionalFile(location.caFile(), path + ".caFile");
    }

    private void cluster(KafkaSpec.Cluster cluster, String path) {
      address(cluster.bootstrapServers(), path + ".bootstrapServers");
      new TreeMap<>(cluster.properties())
          .forEach(
              (name, value) -> {
                secret(value, path + ".properties." + name);
                if (KafkaProperties.isFile(name)) {
                  file(value, path + ".properties." + name);
                }
              });
    }

    private void cluster(ElasticsearchSpec.Cluster cluster, String path) {
      address(cluster.url(), path + ".url");
      secret(cluster.apiKey(), path + ".apiKey");
      optionalFile(cluster.caFile(), path + ".caFile");
    }

    private void address(String address, String path) {
      secret(address, path);
      tryOut(path, () -> secrets.hosts().requireAll(address));
    }

    private void secret(@Nullable String text, String path) {
      if (text != null) {
        for (String reference : SecretReferences.of(text)) {
          tryOut(path, () -> secrets.resolve(reference));
        }
      }
    }

    private void optionalFile(@Nullable String file, String path) {
      if (file != null) {
        file(file, path);
      }
    }

    private void file(String file, String path) {
      tryOut(path, () -> secrets.file(file));
    }

    private void tryOut(String path, Runnable attempt) {
      try {
        attempt.run();
      } catch (MigrationException e) {
        String store = path.substring(0, path.indexOf('.'));
        refusals.add(Refusal.of(store, path, String.valueOf(e.getMessage()), "Correct it."));
      }
    }
  }
}

package com.matih.tenantmigration.devstack.sample;

import com.matih.tenantmigration.devstack.clusters.Sides;
import com.matih.tenantmigration.workflow.request.PostgresSpec.Isolation;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** Ready-made requests that move a sample tenant to the dedicated side. */
public final class SampleRequests {

  /** The service that writes for the sample's tenants, as the requests name it. */
  public static final String SERVICE = "sample-platform";

  private static final String ROWS_ONLY = " # rows";

  private final Sides sides;
  private final Path snapshots;

  /**
   * @param snapshots the folder in which the snapshots are to lie
   */
  public SampleRequests(Sides sides, Path snapshots) {
    this.sides = sides;
    this.snapshots = snapshots;
  }

  /** The name of the dedicated database of a tenant. */
  public static String dedicatedDatabase(SampleTenant tenant) {
    return tenant.id();
  }

  /** Each tenant's cache is a database of the one dedicated server. */
  private String dedicatedCache(SampleTenant tenant) {
    String server = sides.dedicated().redisUri();
    return tenant.number() == 0 ? server : server + "/" + tenant.number();
  }

  /** The name of the dedicated bucket of a tenant. */
  public static String dedicatedBucket(SampleTenant tenant) {
    return tenant.id() + "-dedicated-data";
  }

  /**
   * A request as YAML.
   *
   * @param healthEndpoints what must answer 200 on the live route
   */
  public String yaml(SampleTenant tenant, Isolation isolation, List<String> healthEndpoints) {
    String text =
        template()
            .lines()
            .filter(line -> isolation == Isolation.ROWS || !line.endsWith(ROWS_ONLY))
            .map(line -> line.replace(ROWS_ONLY, ""))
            .collect(Collectors.joining("\n", "", "\n"));
    for (Map.Entry<String, String> value : values(tenant, isolation, healthEndpoints).entrySet()) {
      text = text.replace("@" + value.getKey() + "@", value.getValue());
    }
    return text;
  }

  private Map<String, String> values(
      SampleTenant tenant, Isolation isolation, List<String> healthEndpoints) {
    Map<String, String> values = new LinkedHashMap<>();
    values.put("tenant", tenant.id());
    values.put("tenantKey", tenant.key());
    values.put("tier", tenant.tier());
    values.put("mode", "online");
    values.put("settle", "2s");
    values.put("service", SERVICE);
    values.put("snapshots", "file:" + snapshots.toAbsolutePath());
    values.put("isolation", isolation == Isolation.ROWS ? "rows" : "schema");
    values.put("sourceSchema", sourceSchema(tenant, isolation));
    values.put("sharedJdbc", sides.shared().jdbcUrl(SampleDatabase.DATABASE));
    values.put("sharedUser", sides.shared().pgUser());
    values.put("dedicatedJdbc", sides.dedicated().jdbcUrl(dedicatedDatabase(tenant)));
    values.put("dedicatedUser", sides.dedicated().pgUser());
    values.put("sharedS3", sides.shared().s3Endpoint());
    values.put("sharedBucket", SampleObjects.BUCKET);
    values.put("sharedPrefix", tenant.objectPrefix());
    values.put("dedicatedS3", sides.dedicated().s3Endpoint());
    values.put("dedicatedBucket", dedicatedBucket(tenant));
    values.put("sharedKafka", sides.shared().kafkaBootstrap());
    values.put("dedicatedKafka", sides.dedicated().kafkaBootstrap());
    values.put("sharedElasticsearch", sides.shared().elasticsearchUrl());
    values.put("dedicatedElasticsearch", sides.dedicated().elasticsearchUrl());
    values.put("sharedIndex", SampleDocuments.INDEX);
    values.put("dedicatedIndex", SampleDocuments.dedicatedIndex(tenant));
    values.put("own", tenant.dedicatedName(""));
    values.put("sharedRedis", sides.shared().redisUri());
    values.put("dedicatedRedis", dedicatedCache(tenant));
    values.put("cachePrefix", tenant.cachePrefix());
    values.put(
        "api",
        healthEndpoints.stream()
            .map(endpoint -> '"' + endpoint + '"')
            .collect(Collectors.joining(", ")));
    return values;
  }

  /** The schema of the shared database that holds a tenant's rows. */
  public static String sourceSchema(SampleTenant tenant, Isolation isolation) {
    return switch (isolation) {
      case ROWS -> SampleDatabase.SHARED_SCHEMA;
      case SCHEMA -> tenant.schema();
    };
  }

  private static String template() {
    try (InputStream resource = SampleRequests.class.getResourceAsStream("request.yaml")) {
      return new String(resource.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read request.yaml", e);
    }
  }
}

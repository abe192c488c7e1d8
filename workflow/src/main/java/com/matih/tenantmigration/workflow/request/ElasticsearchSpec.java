package com.matih.tenantmigration.workflow.request;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The tenant's documents. */
public record ElasticsearchSpec(Cluster source, Cluster target, List<Index> indices)
    implements StoreSpec {

  @SuppressWarnings("ConstantValue") // Jackson hands over null for what the file leaves out
  public ElasticsearchSpec {
    indices = indices == null ? List.of() : List.copyOf(indices);
  }

  /**
   * A cluster and who we are there.
   *
   * @param apiKey a secret reference, or {@code null} where the cluster asks for none
   */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record Cluster(String url, @Nullable String apiKey) {}

  /**
   * A shared index and the dedicated one.
   *
   * @param tenantField the keyword field that holds the tenant key
   */
  public record Index(String from, String to, String tenantField) {}
}

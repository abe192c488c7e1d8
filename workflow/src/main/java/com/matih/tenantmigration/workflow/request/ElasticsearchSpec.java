package com.matih.tenantmigration.workflow.request;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
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
   * @param caFile the file with the CAs that are trusted, or {@code null} for those of the JVM
   */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record Cluster(String url, @Nullable String apiKey, @Nullable String caFile) {

    /** A cluster whose certificate, if it has one, the JVM trusts. */
    public Cluster(String url, @Nullable String apiKey) {
      this(url, apiKey, null);
    }
  }

  /**
   * A shared index and the dedicated one.
   *
   * @param tenantField the field that holds the tenant key: a keyword, or a whole number
   * @param unmarked what becomes of documents without a tenant
   */
  public record Index(String from, String to, String tenantField, Unmarked unmarked) {

    @SuppressWarnings("ConstantValue") // Jackson hands over null for what the file leaves out
    public Index {
      unmarked = unmarked == null ? Unmarked.LEAVE : unmarked;
    }

    /** An index whose documents without a tenant stay behind. */
    public Index(String from, String to, String tenantField) {
      this(from, to, tenantField, Unmarked.LEAVE);
    }
  }

  /** What becomes of documents whose tenant field is absent or null. */
  public enum Unmarked {
    /** They stay behind, and the plan counts them. */
    @JsonProperty("leave")
    LEAVE,
    /** The plan refuses them. */
    @JsonProperty("refuse")
    REFUSE
  }
}

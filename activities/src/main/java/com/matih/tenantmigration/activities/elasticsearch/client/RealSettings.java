package com.matih.tenantmigration.activities.elasticsearch.client;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The settings that an index has in service and not while it is loaded; {@code null} for one that
 * stands at its default.
 */
public record RealSettings(
    @Nullable String replicas,
    @Nullable String autoExpandReplicas,
    @Nullable String refreshInterval,
    @Nullable String defaultPipeline,
    @Nullable String finalPipeline,
    @Nullable String gcDeletes,
    @Nullable String waitForActiveShards,
    @Nullable String translogDurability,
    @Nullable String nestedObjects) {

  private static final String WAIT_FOR_ACTIVE_SHARDS = "write.wait_for_active_shards";
  private static final String TRANSLOG_DURABILITY = "translog.durability";
  private static final String NESTED_OBJECTS = "mapping.nested_objects.limit";

  /** An index' settings in service. */
  public static RealSettings of(IndexDefinition index) {
    return new RealSettings(
        index.setting("number_of_replicas").orElse(null),
        index.setting("auto_expand_replicas").orElse(null),
        index.setting("refresh_interval").orElse(null),
        index.setting("default_pipeline").orElse(null),
        index.setting("final_pipeline").orElse(null),
        index.setting("gc_deletes").orElse(null),
        index.setting("write", "wait_for_active_shards").orElse(null),
        index.setting("translog", "durability").orElse(null),
        index.setting("mapping", "nested_objects", "limit").orElse(null));
  }

  /**
   * The settings for loading: no copies, which no write may wait for then, no refreshes, and no
   * pipelines, which have changed the documents once already. Documents may have more nested
   * objects than the index allows by now. Each write is synced before it is acknowledged, because
   * it is not carried over again after a crash.
   */
  public static ObjectNode forLoading() {
    ObjectNode settings = Json.object();
    settings.put("number_of_replicas", 0);
    settings.put("auto_expand_replicas", false);
    settings.put("refresh_interval", "-1");
    settings.put("default_pipeline", "_none");
    settings.put("final_pipeline", "_none");
    settings.put(WAIT_FOR_ACTIVE_SHARDS, "1");
    settings.put(TRANSLOG_DURABILITY, "request");
    settings.put(NESTED_OBJECTS, Integer.toString(Integer.MAX_VALUE));
    return settings;
  }

  /**
   * Those of these settings that an index can have while a migration still writes to it: a pipeline
   * would change the documents once more.
   */
  public ObjectNode whileFollowed() {
    ObjectNode settings = Json.object();
    settings.put("number_of_replicas", replicas);
    settings.put("auto_expand_replicas", autoExpandReplicas);
    settings.put("refresh_interval", refreshInterval);
    return settings;
  }

  /** The settings of an index that deletions are forgotten in at once, and that takes writes. */
  public static ObjectNode forFollowing() {
    ObjectNode settings = Json.object();
    settings.put("gc_deletes", "0s");
    settings.putNull("blocks.write");
    return settings;
  }

  /** These settings as {@link #toSettings} gives them, for an index that was followed. */
  public ObjectNode afterFollowing(Predicate<String> pipelineExists) {
    ObjectNode settings = toSettings(pipelineExists);
    settings.put("gc_deletes", gcDeletes);
    settings.putNull("blocks.write");
    return settings;
  }

  /**
   * These settings as a cluster takes them.
   *
   * @param pipelineExists whether the cluster has a pipeline of that name; one that it lacks is
   *     left out, since with it every write would fail
   */
  public ObjectNode toSettings(Predicate<String> pipelineExists) {
    ObjectNode settings = Json.object();
    settings.put("number_of_replicas", replicas);
    settings.put("auto_expand_replicas", autoExpandReplicas);
    settings.put("refresh_interval", refreshInterval);
    settings.put("default_pipeline", known(defaultPipeline, pipelineExists));
    settings.put("final_pipeline", known(finalPipeline, pipelineExists));
    settings.put(WAIT_FOR_ACTIVE_SHARDS, waitForActiveShards);
    settings.put(TRANSLOG_DURABILITY, translogDurability);
    settings.put(NESTED_OBJECTS, nestedObjects);
    return settings;
  }

  private static @Nullable String known(
      @Nullable String pipeline, Predicate<String> pipelineExists) {
    return pipeline == null || pipeline.equals("_none") || pipelineExists.test(pipeline)
        ? pipeline
        : null;
  }
}

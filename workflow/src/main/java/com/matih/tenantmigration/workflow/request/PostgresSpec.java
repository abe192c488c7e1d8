package com.matih.tenantmigration.workflow.request;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The tenant's relational data.
 *
 * @param tenantColumn the column that marks the tenant's rows; for {@link Isolation#ROWS} only
 * @param referenceTables tables without the tenant column that are copied whole
 * @param excludeTables tables that stay behind
 * @param copyUnderFence tables whose changes are not captured while the tenant works: they are
 *     copied, with the tables whose rows belong to theirs, once the tenant is read-only
 * @param tables by name, which rows of a table are the tenant's where the plan cannot decide it
 * @param parallelism how many tables or ranges are copied, and indexes built, at the same time; 4
 *     when left out
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record PostgresSpec(
    Database source,
    Database target,
    Isolation isolation,
    String sourceSchema,
    String targetSchema,
    @Nullable String tenantColumn,
    List<String> referenceTables,
    List<String> excludeTables,
    List<String> copyUnderFence,
    Integer parallelism,
    List<StorageReference> storageReferences,
    Map<String, TableRule> tables,
    NobodysRows nobodysRows,
    ForeignReferences foreignReferences)
    implements StoreSpec {

  public static final int DEFAULT_PARALLELISM = 4;

  @SuppressWarnings("ConstantValue") // Jackson hands over null for what the file leaves out
  public PostgresSpec {
    isolation = isolation == null ? Isolation.ROWS : isolation;
    targetSchema = targetSchema == null ? "public" : targetSchema;
    referenceTables = referenceTables == null ? List.of() : List.copyOf(referenceTables);
    excludeTables = excludeTables == null ? List.of() : List.copyOf(excludeTables);
    copyUnderFence = copyUnderFence == null ? List.of() : List.copyOf(copyUnderFence);
    parallelism = parallelism == null ? DEFAULT_PARALLELISM : parallelism;
    storageReferences = storageReferences == null ? List.of() : List.copyOf(storageReferences);
    tables = tables == null ? Map.of() : Collections.unmodifiableMap(new LinkedHashMap<>(tables));
    nobodysRows = nobodysRows == null ? NobodysRows.REFUSE : nobodysRows;
    foreignReferences = foreignReferences == null ? ForeignReferences.REFUSE : foreignReferences;
  }

  /**
   * One database and who we are there.
   *
   * @param url a JDBC URL without credentials
   * @param password a secret reference
   */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record Database(String url, String user, @Nullable String password) {}

  /** How tenants are kept apart in the shared database. */
  public enum Isolation {
    /** By a tenant column in shared tables. */
    @JsonProperty("rows")
    ROWS,
    /** By a schema of the tenant's own. */
    @JsonProperty("schema")
    SCHEMA
  }

  /**
   * What becomes of rows that are no tenant's: their tenant column, or what leads to it, is NULL.
   */
  public enum NobodysRows {
    /** The plan refuses them. */
    @JsonProperty("refuse")
    REFUSE,
    /** They stay behind, and so does what hangs on them. */
    @JsonProperty("leave")
    LEAVE,
    /** They move along, and so does what hangs on them. */
    @JsonProperty("carry")
    CARRY
  }

  /** What becomes of the tenant's rows that reference a row which does not move. */
  public enum ForeignReferences {
    /** The plan refuses them. */
    @JsonProperty("refuse")
    REFUSE,
    /** They stay behind, and so does what references them. */
    @JsonProperty("leave")
    LEAVE
  }

  /** A column that holds {@code s3://bucket/key} references, rewritten on the target. */
  public record StorageReference(String table, String column) {}
}

package com.matih.tenantmigration.activities.testing;

import com.matih.tenantmigration.workflow.request.PostgresSpec;
import com.matih.tenantmigration.workflow.request.PostgresSpec.Database;
import com.matih.tenantmigration.workflow.request.PostgresSpec.ForeignReferences;
import com.matih.tenantmigration.workflow.request.PostgresSpec.Isolation;
import com.matih.tenantmigration.workflow.request.PostgresSpec.NobodysRows;
import com.matih.tenantmigration.workflow.request.PostgresSpec.StorageReference;
import com.matih.tenantmigration.workflow.request.TableRule;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a test's request says of PostgreSQL: unless told otherwise, that the tenant moves from the
 * schema {@code shared} to {@code public}, one table at a time, and that nothing is special.
 */
public final class PostgresSpecBuilder {

  private Database source;
  private Database target;
  private final Isolation isolation;
  private String sourceSchema = "shared";
  private String targetSchema = "public";
  private @Nullable String tenantColumn;
  private List<String> referenceTables = List.of();
  private List<String> excludeTables = List.of();
  private List<String> copyUnderFence = List.of();
  private int parallelism = 1;
  private List<StorageReference> storageReferences = List.of();
  private Map<String, TableRule> tables = Map.of();
  private NobodysRows nobodysRows = NobodysRows.REFUSE;
  private ForeignReferences foreignReferences = ForeignReferences.REFUSE;

  private PostgresSpecBuilder(Isolation isolation, Database source, Database target) {
    this.isolation = isolation;
    this.source = source;
    this.target = target;
    this.tenantColumn = isolation == Isolation.ROWS ? "tenant_id" : null;
  }

  /** Rows of shared tables, by their column {@code tenant_id}. */
  public static PostgresSpecBuilder rows(Database source, Database target) {
    return of(Isolation.ROWS, source, target);
  }

  /** A schema of the tenant's own. */
  public static PostgresSpecBuilder schema(Database source, Database target) {
    return of(Isolation.SCHEMA, source, target);
  }

  /** One or the other. */
  public static PostgresSpecBuilder of(Isolation isolation, Database source, Database target) {
    return new PostgresSpecBuilder(isolation, source, target);
  }

  /** What another spec says. */
  public static PostgresSpecBuilder like(PostgresSpec spec) {
    return of(spec.isolation(), spec.source(), spec.target())
        .sourceSchema(spec.sourceSchema())
        .targetSchema(spec.targetSchema())
        .tenantColumn(spec.tenantColumn())
        .referenceTables(spec.referenceTables())
        .excludeTables(spec.excludeTables())
        .copyUnderFence(spec.copyUnderFence())
        .parallelism(spec.parallelism())
        .storageReferences(spec.storageReferences())
        .tables(spec.tables())
        .nobodysRows(spec.nobodysRows())
        .foreignReferences(spec.foreignReferences());
  }

  public PostgresSpecBuilder source(Database source) {
    this.source = source;
    return this;
  }

  public PostgresSpecBuilder target(Database target) {
    this.target = target;
    return this;
  }

  public PostgresSpecBuilder sourceSchema(String sourceSchema) {
    this.sourceSchema = sourceSchema;
    return this;
  }

  public PostgresSpecBuilder targetSchema(String targetSchema) {
    this.targetSchema = targetSchema;
    return this;
  }

  public PostgresSpecBuilder tenantColumn(@Nullable String tenantColumn) {
    this.tenantColumn = tenantColumn;
    return this;
  }

  public PostgresSpecBuilder referenceTables(List<String> referenceTables) {
    this.referenceTables = referenceTables;
    return this;
  }

  public PostgresSpecBuilder excludeTables(List<String> excludeTables) {
    this.excludeTables = excludeTables;
    return this;
  }

  public PostgresSpecBuilder copyUnderFence(List<String> copyUnderFence) {
    this.copyUnderFence = copyUnderFence;
    return this;
  }

  public PostgresSpecBuilder parallelism(int parallelism) {
    this.parallelism = parallelism;
    return this;
  }

  public PostgresSpecBuilder storageReferences(List<StorageReference> storageReferences) {
    this.storageReferences = storageReferences;
    return this;
  }

  public PostgresSpecBuilder tables(Map<String, TableRule> tables) {
    this.tables = tables;
    return this;
  }

  public PostgresSpecBuilder nobodysRows(NobodysRows nobodysRows) {
    this.nobodysRows = nobodysRows;
    return this;
  }

  public PostgresSpecBuilder foreignReferences(ForeignReferences foreignReferences) {
    this.foreignReferences = foreignReferences;
    return this;
  }

  public PostgresSpec build() {
    return new PostgresSpec(
        source,
        target,
        isolation,
        sourceSchema,
        targetSchema,
        tenantColumn,
        referenceTables,
        excludeTables,
        copyUnderFence,
        parallelism,
        storageReferences,
        tables,
        nobodysRows,
        foreignReferences);
  }
}

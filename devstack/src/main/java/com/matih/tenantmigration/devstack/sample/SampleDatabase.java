package com.matih.tenantmigration.devstack.sample;

import com.matih.tenantmigration.devstack.clusters.Databases;
import com.matih.tenantmigration.devstack.clusters.Side;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Collectors;

/**
 * The sample platform's rows, in both forms: one schema with a tenant column, and a schema a
 * tenant. The server generates them.
 */
public final class SampleDatabase {

  /** The shared database's name. */
  public static final String DATABASE = "shared";

  /** The schema in which tenants are told apart by a column. */
  public static final String SHARED_SCHEMA = "shared_schema";

  private static final String ROWS_ONLY = "-- rows";
  private static final String SCHEMA_ONLY = "-- schema";

  private final Side shared;
  private final SampleSeed seed;

  public SampleDatabase(Side shared, SampleSeed seed) {
    this.shared = shared;
    this.seed = seed;
  }

  /** Creates the empty database. */
  public static void create(Side shared) {
    Databases.execute(shared, "postgres", "CREATE DATABASE " + DATABASE);
  }

  /** Creates and fills the schema of all tenants. */
  public void loadSharedSchema() {
    Databases.execute(shared, DATABASE, script(SHARED_SCHEMA, true, seed.size().tenants()));
  }

  /** Creates and fills the schema of one tenant. */
  public void loadTenantSchema(SampleTenant tenant) {
    Databases.execute(shared, DATABASE, script(tenant.schema(), false, List.of(tenant)));
  }

  private String script(String schema, boolean tenantColumn, List<SampleTenant> tenants) {
    String dropped = tenantColumn ? SCHEMA_ONLY : ROWS_ONLY;
    String values = tenants.stream().map(this::values).collect(Collectors.joining(", "));
    return template()
        .lines()
        .filter(line -> !line.endsWith(dropped))
        .collect(Collectors.joining("\n"))
        .replace("{form}", tenantColumn ? "rows" : "schema")
        .replace("{schema}", schema)
        .replace("{tenants}", values)
        .replace("{bucket}", SampleObjects.BUCKET)
        .replace("{of}", String.valueOf(tenants.get(0).of()))
        .replace("{seed}", String.valueOf(seed.value()))
        .replace("{until}", "timestamptz '" + seed.until() + "'");
  }

  private String values(SampleTenant tenant) {
    SampleSize.Counts counts = seed.size().of(tenant);
    return "('%s', '%s', %d, %d, %d, %d, %d, %d, %d)"
        .formatted(
            tenant.key(),
            tenant.id(),
            tenant.number(),
            counts.workspaces(),
            counts.users(),
            counts.queries(),
            counts.queryRuns(),
            counts.dashboards(),
            counts.objects());
  }

  private static String template() {
    try (InputStream resource = SampleDatabase.class.getResourceAsStream("platform.sql")) {
      return new String(resource.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read platform.sql", e);
    }
  }
}

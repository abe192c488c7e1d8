package com.matih.tenantmigration.activities.postgres;

import com.matih.tenantmigration.activities.engine.ProgressMonitor;
import com.matih.tenantmigration.activities.engine.snapshot.FileSnapshotStorage;
import com.matih.tenantmigration.activities.engine.snapshot.SnapshotStorage;
import com.matih.tenantmigration.activities.postgres.catalog.TenantCatalog;
import com.matih.tenantmigration.activities.postgres.catalog.TenantTable;
import com.matih.tenantmigration.activities.postgres.catalog.TenantTables;
import com.matih.tenantmigration.activities.postgres.client.DatabaseAccess;
import com.matih.tenantmigration.activities.postgres.client.PostgresConnections;
import com.matih.tenantmigration.activities.postgres.compare.PostgresDedicatedRows;
import com.matih.tenantmigration.activities.postgres.copy.ChunkPlanner;
import com.matih.tenantmigration.activities.postgres.copy.RowCopier;
import com.matih.tenantmigration.activities.postgres.ledger.Ledger;
import com.matih.tenantmigration.activities.postgres.programs.ClientPrograms;
import com.matih.tenantmigration.activities.postgres.requestsql.QuerySessions;
import com.matih.tenantmigration.activities.postgres.schema.DatabaseFinisher;
import com.matih.tenantmigration.activities.postgres.schema.SchemaCreator;
import com.matih.tenantmigration.activities.postgres.snapshot.SnapshotSealer;
import com.matih.tenantmigration.activities.postgres.snapshot.SnapshotTaker;
import com.matih.tenantmigration.activities.postgres.sql.Identifiers;
import com.matih.tenantmigration.activities.postgres.sql.TableName;
import com.matih.tenantmigration.activities.testing.PostgresSpecBuilder;
import com.matih.tenantmigration.activities.testing.TestGuard;
import com.matih.tenantmigration.activities.testing.TestJournal;
import com.matih.tenantmigration.embedded.testing.TestServers;
import com.matih.tenantmigration.workflow.MigrationContext;
import com.matih.tenantmigration.workflow.report.StoresSummary;
import com.matih.tenantmigration.workflow.request.ObjectStorageSpec;
import com.matih.tenantmigration.workflow.request.PostgresSpec;
import com.matih.tenantmigration.workflow.request.PostgresSpec.Isolation;
import com.matih.tenantmigration.workflow.request.PostgresSpec.StorageReference;
import com.matih.tenantmigration.workflow.request.TableRule;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/** A shared and a dedicated database, a snapshot's folder, and the engines that copy. */
public final class CopyLab implements AutoCloseable {

  private static final ClientPrograms PROGRAMS = new ClientPrograms();
  private static final PostgresConnections CONNECTIONS =
      TestDatabase.connections(TestServers.postgres(), TestServers.dedicatedPostgres());

  public final TestDatabase source;
  public final TestDatabase target;
  final SnapshotStorage snapshot;
  final MigrationContext context;
  private final PostgresSpec spec;

  private CopyLab(
      TestDatabase source,
      TestDatabase target,
      Path folder,
      PostgresSpec spec,
      @Nullable ObjectStorageSpec objects) {
    this.source = source;
    this.target = target;
    this.spec = spec;
    this.context =
        TestRequests.context(
            TestJournal.newMigrationId(), TestRequests.request("acme", spec, objects, List.of()));
    this.snapshot = FileSnapshotStorage.at("file:" + folder.resolve(context.migrationId()));
  }

  /** Tenants share a schema; the dedicated database is created and knows its ledger. */
  public static CopyLab rows(
      Path folder,
      String schema,
      List<String> referenceTables,
      List<String> excludeTables,
      List<StorageReference> references)
      throws SQLException {
    return create(
        folder, Isolation.ROWS, schema, "tenant_id", referenceTables, excludeTables, references);
  }

  /** Tenants share a schema, and the request has rules for single tables. */
  public static CopyLab ruled(
      Path folder,
      String schema,
      Map<String, TableRule> tables,
      PostgresSpec.NobodysRows nobodysRows,
      PostgresSpec.ForeignReferences foreignReferences)
      throws SQLException {
    return create(
        folder,
        (source, target) ->
            PostgresSpecBuilder.rows(source.spec(), target.spec())
                .sourceSchema(schema)
                .parallelism(3)
                .tables(tables)
                .nobodysRows(nobodysRows)
                .foreignReferences(foreignReferences)
                .build(),
        null);
  }

  /** Tenants share a schema, of which some tables are not followed while the tenant works. */
  static CopyLab underFence(
      Path folder, String schema, List<String> referenceTables, List<String> copyUnderFence)
      throws SQLException {
    return create(
        folder,
        (source, target) ->
            PostgresSpecBuilder.rows(source.spec(), target.spec())
                .sourceSchema(schema)
                .referenceTables(referenceTables)
                .copyUnderFence(copyUnderFence)
                .parallelism(3)
                .build(),
        null);
  }

  /** Tenants share a schema of databases whose texts are stored in another encoding. */
  static CopyLab encoded(Path folder, String schema, String encoding, List<String> excludeTables)
      throws SQLException {
    TestDatabase source = TestDatabase.encoded(TestServers.postgres(), encoding);
    TestDatabase target = TestDatabase.encoded(TestServers.dedicatedPostgres(), encoding);
    CopyLab lab =
        new CopyLab(
            source,
            target,
            folder,
            PostgresSpecBuilder.rows(source.spec(), target.spec())
                .sourceSchema(schema)
                .excludeTables(excludeTables)
                .parallelism(3)
                .build(),
            null);
    try (Connection connection = target.connect()) {
      Ledger.create(connection);
    }
    return lab;
  }

  /** The tenant has a schema of its own. */
  static CopyLab schema(Path folder, String schema, List<String> excludeTables)
      throws SQLException {
    return create(folder, Isolation.SCHEMA, schema, null, List.of(), excludeTables, List.of());
  }

  /** The same where tables of other schemas are named, and the schema takes another name or not. */
  static CopyLab ownSchema(
      Path folder,
      String schema,
      String targetSchema,
      List<String> referenceTables,
      Map<String, TableRule> tables)
      throws SQLException {
    return create(
        folder,
        (source, target) ->
            PostgresSpecBuilder.schema(source.spec(), target.spec())
                .sourceSchema(schema)
                .targetSchema(targetSchema)
                .referenceTables(referenceTables)
                .parallelism(3)
                .tables(tables)
                .build(),
        null);
  }

  private static CopyLab create(
      Path folder,
      Isolation isolation,
      String schema,
      @Nullable String tenantColumn,
      List<String> referenceTables,
      List<String> excludeTables,
      List<StorageReference> references)
      throws SQLException {
    return create(
        folder,
        (source, target) ->
            PostgresSpecBuilder.of(isolation, source.spec(), target.spec())
                .tenantColumn(tenantColumn)
                .sourceSchema(schema)
                .referenceTables(referenceTables)
                .excludeTables(excludeTables)
                .parallelism(3)
                .storageReferences(references)
                .build(),
        references.isEmpty() ? null : objects());
  }

  private static CopyLab create(
      Path folder,
      BiFunction<TestDatabase, TestDatabase, PostgresSpec> spec,
      @Nullable ObjectStorageSpec objects)
      throws SQLException {
    TestDatabase source = TestDatabase.create(TestServers.postgres());
    TestDatabase target = TestDatabase.create(TestServers.dedicatedPostgres());
    CopyLab lab = new CopyLab(source, target, folder, spec.apply(source, target), objects);
    try (Connection connection = target.connect()) {
      Ledger.create(connection);
    }
    return lab;
  }

  private static ObjectStorageSpec objects() {
    return new ObjectStorageSpec(
        new ObjectStorageSpec.Location(null, "r", "shared-bucket", "tenants/acme/", null, null),
        new ObjectStorageSpec.Location(null, "r", "acme-bucket", "", null, null),
        1);
  }

  public List<TenantTable> tables() throws SQLException {
    return catalog().requireMovable();
  }

  public TenantTables catalog() throws SQLException {
    try (Connection connection = DatabaseAccess.source(CONNECTIONS, context).open("tables")) {
      return TenantCatalog.read(connection, context.request());
    }
  }

  public void takeSnapshot() throws SQLException {
    new SnapshotTaker(CONNECTIONS, PROGRAMS)
        .take(context, catalog(), snapshot, ProgressMonitor.unmonitored());
  }

  public void createSchema() {
    new SchemaCreator(CONNECTIONS, PROGRAMS, TestGuard.permitting())
        .create(context, snapshot, ProgressMonitor.unmonitored());
  }

  public StoresSummary.Postgres copyRows() throws SQLException {
    return copyRows(ChunkPlanner.RANGE_BYTES, ProgressMonitor.unmonitored());
  }

  public StoresSummary.Postgres copyRows(long rangeBytes, ProgressMonitor monitor)
      throws SQLException {
    return copyRows(snapshot, rangeBytes, monitor);
  }

  public StoresSummary.Postgres copyRows(
      SnapshotStorage storage, long rangeBytes, ProgressMonitor monitor) throws SQLException {
    return new RowCopier(CONNECTIONS, PROGRAMS, rangeBytes)
        .copy(context, tables(), storage, monitor);
  }

  public void finish() {
    new DatabaseFinisher(CONNECTIONS, PROGRAMS)
        .finish(context, snapshot, ProgressMonitor.unmonitored());
  }

  void seal() {
    new SnapshotSealer(CONNECTIONS).seal(context, snapshot, ProgressMonitor.unmonitored());
  }

  DatabaseAccess targetAccess() {
    return DatabaseAccess.target(CONNECTIONS, context);
  }

  PostgresDedicatedRows dedicatedRows() {
    return new PostgresDedicatedRows(new QuerySessions(CONNECTIONS, null));
  }

  /** Everything, in the order of the phases. */
  public StoresSummary.Postgres migrate() throws SQLException {
    takeSnapshot();
    createSchema();
    StoresSummary.Postgres summary = copyRows();
    finish();
    seal();
    return summary;
  }

  /** A digest of the tenant's rows of a table in the shared database. */
  public String sourceRows(String table) throws SQLException {
    for (TenantTable candidate : tables()) {
      if (candidate.name().table().equals(table)) {
        return rows(source, candidate.name(), candidate.predicate());
      }
    }
    throw new IllegalArgumentException("no such table moves: " + table);
  }

  /** A digest of all rows of a table in another database. */
  public static String rows(TestDatabase database, TableName table, String condition)
      throws SQLException {
    return database
        .query(
            "SELECT count(*) || ' ' || coalesce(md5(string_agg(t::text, E'\\n'"
                + " ORDER BY t::text COLLATE \"C\")), '') FROM %s t WHERE %s"
                    .formatted(Identifiers.quote(table), condition))
        .get(0);
  }

  PostgresSpec spec() {
    return spec;
  }

  public MigrationContext context() {
    return context;
  }

  @Override
  public void close() throws SQLException {
    try (source) {
      target.close();
    }
  }
}

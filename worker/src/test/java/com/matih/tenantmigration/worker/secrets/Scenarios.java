package com.matih.tenantmigration.worker.secrets;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.matih.tenantmigration.activities.postgres.programs.ClientPrograms;
import com.matih.tenantmigration.controlplane.ControlPlane;
import com.matih.tenantmigration.controlplane.TenantConfig;
import com.matih.tenantmigration.controlplane.TenantConfig.State;
import com.matih.tenantmigration.embedded.PostgresServer;
import com.matih.tenantmigration.embedded.testing.LentTemporal;
import com.matih.tenantmigration.embedded.testing.TestCertificates;
import com.matih.tenantmigration.embedded.testing.TestServers;
import com.matih.tenantmigration.embedded.testing.TlsProxy;
import com.matih.tenantmigration.starter.TemporalService;
import com.matih.tenantmigration.starter.cli.TenantMigrationCommand;
import com.matih.tenantmigration.starter.layout.Screen;
import com.matih.tenantmigration.worker.SeededTenant;
import com.matih.tenantmigration.workflow.TemporalNames;
import com.matih.tenantmigration.workflow.encryption.PayloadEncryption;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import java.util.stream.Stream;
import picocli.CommandLine;

/** Migrations of every outcome, by workers that know secrets, and all places that tell of them. */
final class Scenarios implements AutoCloseable {

  private static final Duration PATIENCE = Duration.ofMinutes(3);
  private static final String CONTROL = GuardedStores.USER + "_control";

  private final Path folder;
  private final List<Place> places = new ArrayList<>();
  private final Deque<AutoCloseable> opened = new ArrayDeque<>();
  private final PlantedSecrets secrets;
  private final GuardedStores stores;
  private final LentTemporal temporal;
  private final Map<String, String> ofTemporal;
  private final Map<String, String> commands;
  private final ControlPlane controlPlane;
  private final TemporalRecords records;

  Scenarios(Path folder) throws Exception {
    this.folder = folder;
    Stream.<Supplier<?>>of(
            TestServers::postgres,
            TestServers::dedicatedPostgres,
            TestServers::s3,
            TestServers::dedicatedS3,
            TestServers::kafka,
            TestServers::guardedKafka,
            TestServers::elasticsearch,
            TestServers::dedicatedElasticsearch)
        .parallel()
        .forEach(
            server -> {
              var unused = server.get();
            });
    secrets = new PlantedSecrets(folder.resolve("secrets"), folder.resolve("keys"));
    stores = opened(new GuardedStores(secrets));
    SeededTenant.execute(TestServers.postgres(), "postgres", "CREATE DATABASE " + CONTROL);
    temporal = opened(LentTemporal.borrow());
    // the SDK sends a key over TLS alone
    TlsProxy door =
        opened(
            TlsProxy.before(
                Integer.parseInt(temporal.server().address().replaceAll(".*:", "")),
                TestServers.certificates().serverSide(TestCertificates.Holder.SERVER)));
    ofTemporal =
        Map.of(
            "TEMPORAL_ADDRESS",
            "127.0.0.1:" + door.port(),
            "TEMPORAL_TLS",
            "true",
            "TEMPORAL_TLS_SERVER_CA_CERT_PATH",
            TestServers.certificates().ca().toString());
    commands = new HashMap<>(secrets.ofCommands());
    commands.putAll(ofTemporal);
    commands.put("CONTROL_PG_JDBC", TestServers.postgres().jdbcUrl(CONTROL));
    commands.put("CONTROL_PG_USER", CONTROL);
    controlPlane =
        opened(
            ControlPlane.open(
                TestServers.postgres().jdbcUrl(CONTROL), CONTROL, PlantedSecrets.odd("control")));
    controlPlane.upgrade();
    records =
        opened(new TemporalRecords(temporal.server().address(), PayloadEncryption.of(commands)));
  }

  private <T extends AutoCloseable> T opened(T resource) {
    opened.push(resource);
    return resource;
  }

  /** Plays all of them. */
  List<Place> play() throws Exception {
    // each is planted before the worker starts
    SeededTenant moved = tenant();
    String request = stores.request(moved, "mode: online\n");
    SeededTenant refused = tenant();
    String wrong = stores.requestWithWrongPasswords(refused);
    TracedWorker first =
        opened(new TracedWorker(folder.resolve("first"), worker("plain"), variables()));
    Samples samples = opened(new Samples(first.handle(), records));
    samples.watch(TemporalNames.workflowId(moved.name()));

    // on a busy machine a worker that has just started may find that a cluster does not answer
    await().atMost(PATIENCE).until(() -> command("plan", "-f", file(moved, request)).code() == 0);
    run(moved, "plan as JSON", 0, "plan", "-f", file(moved, request), "--output", "json");
    run(moved, "start", 0, "start", "-f", file(moved, request), "--wait");
    tell("a migration that completes", moved);

    SeededTenant back = tenant();
    stores.answer(503);
    run(
        back,
        "start",
        4,
        "start",
        "-f",
        file(back, stores.request(back, "mode: offline\n")),
        "--wait");
    stores.answer(200);
    tell("a migration that is rolled back", back);

    run(refused, "start", 3, "start", "-f", file(refused, wrong), "--wait");
    tell("a migration whose passwords are refused", refused);
    run(refused, "plan of it", 3, "plan", "-f", file(refused, wrong));
    tell("its plan", TemporalNames.planWorkflowId(refused.name()), refused.name());

    SeededTenant killed = tenant();
    kill(first, killed, samples);
    places.add(Place.of("heartbeats", samples.descriptions(), moved.name()));
    places.add(Place.of("processes", withoutPassword(samples.processes()), "pg_restore"));
    repair(killed);
    tellOfAll(first, moved);
    return places;
  }

  /** Kills the worker while pg_restore would run, when its temporary files are there. */
  private void kill(TracedWorker worker, SeededTenant tenant, Samples samples) throws Exception {
    String request = stores.request(tenant, "mode: offline\napproval: required\n");
    run(tenant, "start", 0, "start", "-f", file(tenant, request));
    samples.watch(TemporalNames.workflowId(tenant.name()));
    await()
        .atMost(PATIENCE)
        .until(() -> command("status", tenant.name()).out().contains("AWAITING_APPROVAL"));
    worker.hold("pg_restore");
    assertThat(command("approve", tenant.name()).code()).isZero();
    worker.awaitHeld("pg_restore");
    run(tenant, "status while it runs", 0, "status", tenant.name(), "--output", "json");
    places.add(Place.of("metrics", worker.metrics(), TemporalNames.WORKFLOW_TYPE));
    List<ProcessHandle> children = worker.handle().descendants().toList();
    worker.kill();
    children.forEach(ProcessHandle::destroyForcibly);
    places.add(
        Place.folder(
            "temporary files of a killed worker",
            worker.temporaryFolder(),
            tenant.names().get("database")));
  }

  private void repair(SeededTenant tenant) throws Exception {
    try (TemporalService service = TemporalService.connect(commands)) {
      service
          .client()
          .newUntypedWorkflowStub(TemporalNames.workflowId(tenant.name()))
          .terminate("its worker was killed");
    }
    tell("a migration whose worker is killed", tenant);
    try (TracedWorker second =
        new TracedWorker(folder.resolve("second"), worker("json"), variables())) {
      run(tenant, "repair", 5, "repair", tenant.name());
      run(tenant, "repair that acts", 0, "repair", tenant.name(), "--yes");
      tell("its repair", tenant);
      places.add(Place.of("log of the repair", TracedWorker.read(second.log()), tenant.name()));
    }
  }

  private void tell(String what, SeededTenant tenant) {
    tell(what, TemporalNames.workflowId(tenant.name()), tenant.name());
    for (String[] command :
        new String[][] {
          {"status", tenant.name()},
          {"report", tenant.name()},
          {"report", tenant.name(), "--output", "json"},
          {"report", tenant.name(), "--output", "html"},
          {"audit", tenant.name(), "--output", "json"}
        }) {
      Answer answer = command(command);
      places.add(
          Place.of(what + ": " + String.join(" ", command), answer.toString(), tenant.name()));
    }
  }

  private void tell(String what, String workflowId, String tenant) {
    ByteArrayOutputStream kept = new ByteArrayOutputStream();
    kept.writeBytes(records.history(workflowId));
    kept.writeBytes(records.description(workflowId));
    places.add(
        Place.of(
            what + ": history",
            kept.toByteArray(),
            tenant,
            "${env:TENANT_MIGRATION_SECRET_ELASTIC}"));
  }

  private void tellOfAll(TracedWorker worker, SeededTenant moved) throws Exception {
    places.add(
        Place.of(
            "log",
            TracedWorker.read(worker.log()),
            moved.name(),
            "Authorization: ApiKey",
            "Authorization: Basic",
            "x-amz-security-token",
            "authorization: Bearer"));
    String database = moved.names().get("database");
    places.add(Place.of("list", command("list").toString(), moved.name()));
    places.add(Place.of("audit", command("audit", moved.name()).toString(), "TENANT_ACTIVATED"));
    places.add(Place.folder("snapshots", folder.resolve("snapshots"), moved.name()));
    places.add(dump("control plane", TestServers.postgres(), CONTROL, moved.name()));
    places.add(dump("shared database", TestServers.postgres(), database, moved.name()));
    places.add(
        dump(
            "dedicated database",
            TestServers.dedicatedPostgres(),
            database + "_own",
            moved.name()));
    places.add(notes(worker, "cmdline", worker.temporaryFolder().toString()));
    places.add(notes(worker, "environ", "PGDATABASE=" + database + "_own"));
  }

  private static Place notes(TracedWorker worker, String what, String known) throws IOException {
    StringBuilder all = new StringBuilder();
    for (Path note : worker.noted(what)) {
      all.append(new String(TracedWorker.read(note), UTF_8).replace('\0', ' ')).append('\n');
    }
    return Place.of("programs: " + what, withoutPassword(all.toString()), known);
  }

  /** Of all secrets a program gets only its own password, where only its own user can read it. */
  private static String withoutPassword(String environments) {
    return environments.replaceAll("\\bPGPASSWORD=[^ ]*", "");
  }

  private static Place dump(String name, PostgresServer server, String database, String known)
      throws IOException {
    ProcessBuilder builder =
        new ProcessBuilder(
                new ClientPrograms().atLeast(1).pgDump().toString(),
                "--dbname=" + server.jdbcUrl(database).substring("jdbc:".length()),
                "--username=" + server.user())
            .redirectError(ProcessBuilder.Redirect.INHERIT);
    builder.environment().put("PGPASSWORD", server.password());
    byte[] text = builder.start().getInputStream().readAllBytes();
    return Place.of(name, text, known);
  }

  private SeededTenant tenant() throws Exception {
    SeededTenant tenant = SeededTenant.create(folder.resolve("snapshots"), secrets.folder());
    controlPlane
        .tenantConfigs()
        .add(
            new TenantConfig(
                tenant.name(),
                "STARTER",
                State.ACTIVE,
                null,
                null,
                null,
                null,
                null,
                1,
                Instant.EPOCH));
    return tenant;
  }

  private String file(SeededTenant tenant, String request) throws IOException {
    return Files.writeString(folder.resolve(tenant.name() + ".yaml"), request).toString();
  }

  private void run(SeededTenant tenant, String what, int code, String... arguments) {
    Answer answer = command(arguments);
    assertThat(answer.code()).as(answer.toString()).isEqualTo(code);
    places.add(Place.of(what, answer.toString(), tenant.name()));
  }

  /** What a command did. */
  private record Answer(int code, String out, String errors) {}

  private Answer command(String... arguments) {
    StringWriter out = new StringWriter();
    StringWriter errors = new StringWriter();
    CommandLine commandLine =
        new CommandLine(new TenantMigrationCommand(commands, Screen.NONE))
            .setOut(new PrintWriter(out))
            .setErr(new PrintWriter(errors));
    int code = TenantMigrationCommand.execute(commandLine, arguments);
    return new Answer(code, out.toString(), errors.toString());
  }

  private String worker(String logFormat) {
    return """
    controlPlane: {url: "%s", user: %s, password: "${env:CONTROL_PG_PASSWORD}"}
    http: {port: 0}
    logging: {format: %s, level: DEBUG}
    references:
      variables: ["TENANT_MIGRATION_SECRET_*"]
      folders: ["%s", "%s"]
    """
        .formatted(
            TestServers.postgres().jdbcUrl(CONTROL),
            CONTROL,
            logFormat,
            secrets.folder(),
            TestServers.certificates().folder());
  }

  private Map<String, String> variables() {
    Map<String, String> variables = new HashMap<>(secrets.ofWorker());
    variables.putAll(ofTemporal);
    return variables;
  }

  @Override
  public void close() throws Exception {
    while (!opened.isEmpty()) {
      opened.pop().close();
    }
  }
}

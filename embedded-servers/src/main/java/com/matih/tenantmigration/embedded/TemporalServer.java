package com.matih.tenantmigration.embedded;

import com.matih.tenantmigration.embedded.child.TemporalMain;
import com.matih.tenantmigration.embedded.process.Guarded;
import com.matih.tenantmigration.embedded.process.JvmCommand;
import com.matih.tenantmigration.embedded.process.Launch;
import com.matih.tenantmigration.embedded.process.Ports;
import com.matih.tenantmigration.embedded.process.ProcessBackedServer;
import com.matih.tenantmigration.embedded.process.ServerFolder;
import com.matih.tenantmigration.embedded.process.ServerProcess;
import com.matih.tenantmigration.embedded.process.ServerStartException;
import com.matih.tenantmigration.embedded.tools.Http;
import com.matih.tenantmigration.embedded.tools.MissingToolException;
import com.matih.tenantmigration.embedded.tools.TemporalTool;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A Temporal server whose namespace {@code default} has the search attributes of the migration.
 *
 * <p>Either the development server of Temporal's command line tool, with a user interface and a
 * database file in the servers' folder, or the SDK's in-memory server, which lacks listing and
 * counting of workflows, schedules, reset and batches.
 */
public final class TemporalServer extends ProcessBackedServer implements Temporal {

  private static final Duration PATIENCE = Duration.ofMinutes(5);
  private static final int HEAP_MEGABYTES = 256;
  private static final List<String> SEARCH_ATTRIBUTES =
      List.of("TenantId", "MigrationPhase", "MigrationOutcome");

  private final Optional<Path> tool;

  private TemporalServer(ServerProcess process, Optional<Path> tool) {
    super(process);
    this.tool = tool;
  }

  /**
   * Starts the server that {@link TemporalKind#ofSystemProperty} asks for.
   *
   * @param name lower-case letters, digits and dashes, unique in the folder
   * @throws ServerStartException if it does not come up
   * @throws MissingToolException if a development server is asked for that this machine lacks
   */
  public static TemporalServer start(ServerFolder folder, String name) {
    return switch (TemporalKind.ofSystemProperty()) {
      case ANY ->
          TemporalTool.TEMPORAL
              .find()
              .map(tool -> startDevelopmentServer(folder, name, tool))
              .orElseGet(() -> startInMemory(folder, name));
      case DEVELOPMENT_SERVER ->
          startDevelopmentServer(folder, name, TemporalTool.TEMPORAL.require());
      case IN_MEMORY -> startInMemory(folder, name);
    };
  }

  /**
   * Starts the in-memory server.
   *
   * @param name lower-case letters, digits and dashes, unique in the folder
   * @throws ServerStartException if it does not come up
   */
  public static TemporalServer startInMemory(ServerFolder folder, String name) {
    Path data = folder.dataOf(name);
    Path ready = data.resolve("ready");
    ServerProcess process =
        ServerProcess.start(
            folder,
            name,
            1,
            ports -> {
              List<String> arguments =
                  new ArrayList<>(List.of(String.valueOf(ports.get(0)), ready.toString()));
              arguments.addAll(SEARCH_ATTRIBUTES);
              return new Launch(
                  JvmCommand.of(
                      data,
                      HEAP_MEGABYTES,
                      List.of(JvmCommand.OWN_LOGGING),
                      TemporalMain.class.getName(),
                      arguments),
                  JvmCommand.withOwnClassPath(),
                  () -> Files.exists(ready),
                  PATIENCE);
            });
    return new TemporalServer(process, Optional.empty());
  }

  @Override
  public String address() {
    return HOST + ":" + port(0);
  }

  @Override
  public Optional<String> ui() {
    return tool.map(program -> "http://%s:%d".formatted(HOST, port(1)));
  }

  @Override
  public String description() {
    return tool.map(program -> "a real server, %s server start-dev".formatted(program))
        .orElse(
            "the in-memory server: no UI, nothing on disk; bin/install-temporal brings a real one");
  }

  @Override
  public boolean inMemory() {
    return tool.isEmpty();
  }

  private static TemporalServer startDevelopmentServer(
      ServerFolder folder, String name, Path tool) {
    Path data = folder.dataOf(name);
    ServerProcess process =
        ServerProcess.start(
            folder,
            name,
            3,
            ports -> {
              String ui = "http://%s:%d".formatted(HOST, ports.get(1));
              return new Launch(
                  Guarded.command("TERM", developmentServer(tool, data, ports)),
                  Map.of(),
                  () -> Ports.accepts(ports.get(0)) && Http.answers(ui + "/api/v1/namespaces"),
                  PATIENCE);
            });
    return new TemporalServer(process, Optional.of(tool));
  }

  private static List<String> developmentServer(Path tool, Path data, List<Integer> ports) {
    List<String> command =
        new ArrayList<>(
            List.of(
                tool.toString(),
                "server",
                "start-dev",
                "--ip",
                HOST,
                "--port",
                String.valueOf(ports.get(0)),
                "--ui-port",
                String.valueOf(ports.get(1)),
                "--metrics-port",
                String.valueOf(ports.get(2)),
                "--db-filename",
                data.resolve("temporal.db").toString(),
                // survives the process, not the machine; all else here waits for its single writer
                "--sqlite-pragma",
                "synchronous=OFF",
                "--log-level",
                "warn"));
    for (String attribute : SEARCH_ATTRIBUTES) {
      command.add("--search-attribute");
      command.add(attribute + "=Keyword");
    }
    return command;
  }
}

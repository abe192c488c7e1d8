package com.matih.tenantmigration.embedded;

import com.matih.tenantmigration.embedded.process.Guarded;
import com.matih.tenantmigration.embedded.process.Launch;
import com.matih.tenantmigration.embedded.process.ProcessBackedServer;
import com.matih.tenantmigration.embedded.process.Programs;
import com.matih.tenantmigration.embedded.process.ServerFolder;
import com.matih.tenantmigration.embedded.process.ServerProcess;
import com.matih.tenantmigration.embedded.process.ServerStartException;
import com.matih.tenantmigration.embedded.process.Unprivileged;
import com.matih.tenantmigration.embedded.tools.MissingToolException;
import com.matih.tenantmigration.embedded.tools.PostgresBinaries;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.UnaryOperator;

/**
 * PostgreSQL with a superuser of its own password, on loopback TCP alone, at {@code
 * wal_level=logical}.
 *
 * <p>It is quick rather than durable: nothing is synced to disk.
 */
public final class PostgresServer extends ProcessBackedServer {

  private static final String USER = "postgres";
  private static final Duration PATIENCE = Duration.ofMinutes(5);

  /**
   * Hashes a password once for each connection. For SCRAM the client, or the server if the password
   * is sent in clear, hashes it 4,096 times, which takes 5 to 20 ms of processor time.
   */
  private static final String AUTHENTICATION = "md5";

  /** English messages whatever the machine's language, and none of a user's own PG… variables. */
  private static final Map<String, String> ENVIRONMENT = Map.of("LC_ALL", "C", "TZ", "UTC");

  private final ServerFolder folder;
  private final Path binaries;
  private final Path data;
  private final List<String> settings;
  private final UnaryOperator<Launch> priority;
  private final String password;

  private PostgresServer(
      ServerFolder folder,
      Path binaries,
      Path data,
      List<String> settings,
      UnaryOperator<Launch> priority,
      ServerProcess process,
      String password) {
    super(process);
    this.folder = folder;
    this.binaries = binaries;
    this.data = data;
    this.settings = List.copyOf(settings);
    this.priority = priority;
    this.password = password;
  }

  /**
   * Makes a new cluster and starts its server.
   *
   * @param name lower-case letters, digits and dashes, unique in the folder
   * @throws ServerStartException if it does not come up
   * @throws MissingToolException if the machine lacks a program it needs
   */
  public static PostgresServer start(ServerFolder folder, String name) {
    return start(folder, name, List.of());
  }

  /**
   * Makes a new cluster and starts its server with settings of its own.
   *
   * @param settings each as {@code name=value}; they win over this class's own
   */
  public static PostgresServer start(ServerFolder folder, String name, List<String> settings) {
    return start(folder, PostgresBinaries.folder(), name, settings, Launch::steppingBack);
  }

  /**
   * Makes a new cluster and starts its server at this process' own priority, for measurements: a
   * server that steps back would make every client look better than it is.
   *
   * @param settings each as {@code name=value}; they win over this class's own
   */
  public static PostgresServer startAtEqualPriority(
      ServerFolder folder, String name, List<String> settings) {
    return start(folder, PostgresBinaries.folder(), name, settings, UnaryOperator.identity());
  }

  /**
   * Makes a new cluster of another major version and starts its server.
   *
   * @param major one of {@link PostgresBinaries#folder(int)}
   */
  public static PostgresServer startVersion(ServerFolder folder, int major, String name) {
    return start(folder, PostgresBinaries.folder(major), name, List.of(), Launch::steppingBack);
  }

  private static PostgresServer start(
      ServerFolder folder,
      Path binaries,
      String name,
      List<String> settings,
      UnaryOperator<Launch> priority) {
    Unprivileged.require();
    Path data = folder.dataOf(name);
    String password = newPassword();
    initialize(binaries, data, folder.log(name), name, password);
    ServerProcess process =
        ServerProcess.start(folder, name, 1, launch(binaries, data, settings, priority));
    return new PostgresServer(folder, binaries, data, settings, priority, process, password);
  }

  /** Starts the server of the same cluster on the same port, after this one was closed. */
  public PostgresServer startAgain() {
    ServerProcess process =
        ServerProcess.startAgain(
            folder, name(), List.of(port()), launch(binaries, data, settings, priority));
    return new PostgresServer(folder, binaries, data, settings, priority, process, password);
  }

  /** Uses a fast shutdown: {@link #close} is an immediate one, which can lose the last commits. */
  @Override
  public void restart() {
    run(
        binaries.resolve("pg_ctl").toString(),
        "stop",
        "--pgdata=" + data,
        "--mode=fast",
        "--silent");
    super.restart();
  }

  /** A primary and the standby that streams from it; closed one by one. */
  public record Replicated(PostgresServer primary, PostgresServer replica) {}

  /**
   * Starts the server again, after this one was closed, and beside it a standby that begins as its
   * copy, answers queries and reports every second how far it is.
   *
   * @param replica its name, by which the primary knows it too
   */
  public Replicated startAgainWithReplica(String replica) {
    Path copy = folder.dataOf(replica);
    run("cp", "-a", data + "/.", copy.toString());
    run("touch", copy.resolve("standby.signal").toString());
    PostgresServer primary = startAgain();
    List<String> standby = new ArrayList<>(settings);
    standby.add(
        "primary_conninfo=host=%s port=%d user=%s password=%s application_name=%s"
            .formatted(HOST, primary.port(), USER, password, replica));
    standby.add("wal_receiver_status_interval=1s");
    ServerProcess process =
        ServerProcess.start(folder, replica, 1, launch(binaries, copy, standby, priority));
    return new Replicated(
        primary, new PostgresServer(folder, binaries, copy, standby, priority, process, password));
  }

  private static void run(String... command) {
    try {
      Programs.Result result = Programs.run(Unprivileged.command(List.of(command)));
      if (result.status() != 0) {
        throw new IllegalStateException(String.join(" ", command) + ": " + result.output());
      }
    } catch (IOException e) {
      throw new UncheckedIOException("cannot run " + command[0], e);
    }
  }

  private static Function<List<Integer>, Launch> launch(
      Path binaries, Path data, List<String> settings, UnaryOperator<Launch> priority) {
    return ports ->
        priority.apply(
            new Launch(
                Guarded.command(
                    "QUIT",
                    Unprivileged.command(serverCommand(binaries, data, ports.get(0), settings))),
                ENVIRONMENT,
                () -> isReady(data),
                PATIENCE));
  }

  /** The address to connect to, which is loopback's. */
  public String host() {
    return HOST;
  }

  /** The TCP port. */
  public int port() {
    return port(0);
  }

  /** A superuser. */
  public String user() {
    return USER;
  }

  /** The superuser's password, made up anew for each server. */
  public String password() {
    return password;
  }

  /** The JDBC URL of a database, without user and password. */
  public String jdbcUrl(String database) {
    return "jdbc:postgresql://%s:%d/%s".formatted(HOST, port(), database);
  }

  /** The connection URI of a database for psql and its like, with user and password in it. */
  public String uri(String database) {
    return "postgresql://%s:%s@%s:%d/%s".formatted(USER, password, HOST, port(), database);
  }

  private static void initialize(Path binaries, Path data, Path log, String name, String password) {
    Path passwordFile = data.resolveSibling(name + ".password");
    try {
      Files.writeString(passwordFile, password);
      Programs.Result result = initdb(binaries, data, passwordFile, "C.UTF-8");
      if (result.status() != 0 && result.output().contains("invalid locale name")) {
        result = initdb(binaries, data, passwordFile, "C");
      }
      Files.writeString(log, result.output() + System.lineSeparator(), StandardCharsets.UTF_8);
      if (result.status() != 0) {
        throw ServerStartException.of(
            name,
            "initdb ended with status " + result.status(),
            log,
            result.output().lines().toList());
      }
      Files.delete(passwordFile);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot make a database cluster in " + data, e);
    }
  }

  private static Programs.Result initdb(Path binaries, Path data, Path passwordFile, String locale)
      throws IOException {
    return Programs.run(
        Unprivileged.command(
            List.of(
                binaries.resolve("initdb").toString(),
                "--pgdata=" + data,
                "--username=" + USER,
                "--pwfile=" + passwordFile,
                "--auth=" + AUTHENTICATION,
                "--encoding=UTF8",
                "--locale=" + locale,
                "--lc-messages=C",
                "--no-sync")));
  }

  private static List<String> serverCommand(
      Path binaries, Path data, int port, List<String> settings) {
    List<String> command =
        new ArrayList<>(
            List.of(
                binaries.resolve("postgres").toString(),
                "-D",
                data.toString(),
                "-p",
                String.valueOf(port)));
    for (String setting :
        List.of(
            "listen_addresses=" + HOST,
            "unix_socket_directories=",
            "max_connections=300",
            "max_prepared_transactions=10",
            "wal_level=logical",
            "max_wal_senders=10",
            "max_replication_slots=10",
            "shared_buffers=64MB",
            // in the data folder, so that nothing is left in /dev/shm
            "dynamic_shared_memory_type=mmap",
            "fsync=off",
            "synchronous_commit=off",
            "full_page_writes=off",
            "timezone=UTC",
            "log_timezone=UTC")) {
      command.add("-c");
      command.add(setting);
    }
    for (String setting : settings) {
      command.add("-c");
      command.add(setting);
    }
    return command;
  }

  /** The postmaster writes its state into the eighth line of this file, as pg_ctl expects it. */
  private static boolean isReady(Path data) {
    try {
      List<String> lines = Files.readAllLines(data.resolve("postmaster.pid"));
      return lines.size() > 7 && lines.get(7).trim().equals("ready");
    } catch (IOException e) {
      return false;
    }
  }

  private static String newPassword() {
    byte[] random = new byte[12];
    new SecureRandom().nextBytes(random);
    return HexFormat.of().formatHex(random);
  }
}

package com.matih.tenantmigration.embedded;

import com.matih.tenantmigration.embedded.process.ServerFolder;
import com.matih.tenantmigration.embedded.process.ServerStartException;
import com.matih.tenantmigration.embedded.process.StartListener;
import com.matih.tenantmigration.embedded.tools.MissingToolException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** Servers in one folder that are started side by side and end together. */
public final class EmbeddedServers implements AutoCloseable {

  private final ServerFolder folder;
  private final Map<String, EmbeddedServer> servers;

  private EmbeddedServers(ServerFolder folder, Map<String, EmbeddedServer> servers) {
    this.folder = folder;
    this.servers = servers;
  }

  /** Begins the choice of servers; the folder then belongs to them and is closed with them. */
  public static Choice in(ServerFolder folder) {
    return new Choice(folder);
  }

  /** The folder that holds their data and logs. */
  public ServerFolder folder() {
    return folder;
  }

  /** All of them, in the order in which they were chosen. */
  public Collection<EmbeddedServer> all() {
    return List.copyOf(servers.values());
  }

  /**
   * One of them.
   *
   * @throws IllegalArgumentException if none of that name was chosen, or it is of another kind
   */
  public <T extends EmbeddedServer> T get(String name, Class<T> kind) {
    return Optional.ofNullable(servers.get(name))
        .filter(kind::isInstance)
        .map(kind::cast)
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "there is no %s named %s".formatted(kind.getSimpleName(), name)));
  }

  /** Ends all of them side by side, then the folder. */
  @Override
  public void close() {
    close(servers.values());
    folder.close();
  }

  private static void close(Collection<EmbeddedServer> servers) {
    List<Task<Void>> tasks = new ArrayList<>();
    for (EmbeddedServer server : servers) {
      tasks.add(
          () -> {
            server.close();
            return null;
          });
    }
    Outcome<Void> outcome = Outcome.ofAll(tasks);
    outcome.throwFailure();
  }

  /** Starts one kind of server, such as {@code PostgresServer::start}. */
  @FunctionalInterface
  public interface Starter {

    /** Returns when the server answers. */
    EmbeddedServer start(ServerFolder folder, String name);
  }

  /** Which servers to start. */
  public static final class Choice {

    private final ServerFolder folder;
    private final Map<String, Starter> starters = new LinkedHashMap<>();

    private Choice(ServerFolder folder) {
      this.folder = folder;
    }

    /** Adds a server of that name. */
    public Choice with(String name, Starter starter) {
      if (starters.put(name, starter) != null) {
        throw new IllegalArgumentException("two servers are named " + name);
      }
      return this;
    }

    /**
     * Starts all at once and returns when all answer; if one fails, ends the others.
     *
     * @throws ServerStartException if one does not come up
     * @throws MissingToolException if the machine lacks a program that one needs
     */
    public EmbeddedServers start(StartListener listener) {
      Object oneAtATime = new Object();
      List<Task<EmbeddedServer>> tasks = new ArrayList<>();
      starters.forEach(
          (name, starter) ->
              tasks.add(
                  () -> {
                    EmbeddedServer server = starter.start(folder, name);
                    synchronized (oneAtATime) {
                      listener.started(server);
                    }
                    return server;
                  }));
      Outcome<EmbeddedServer> outcome = Outcome.ofAll(tasks);
      Map<String, EmbeddedServer> started = new LinkedHashMap<>();
      outcome.results().forEach(server -> started.put(server.name(), server));
      EmbeddedServers servers = new EmbeddedServers(folder, started);
      if (!outcome.failures().isEmpty()) {
        servers.close();
      }
      outcome.throwFailure();
      return servers;
    }
  }

  private interface Task<T> {
    T run();
  }

  /** What became of tasks run side by side, one thread each. */
  private record Outcome<T>(List<T> results, List<Throwable> failures) {

    static <T> Outcome<T> ofAll(List<Task<T>> tasks) {
      ExecutorService threads = Executors.newFixedThreadPool(Math.max(1, tasks.size()));
      try {
        List<Future<T>> futures = new ArrayList<>();
        tasks.forEach(task -> futures.add(threads.submit(task::run)));
        Outcome<T> outcome = new Outcome<>(new ArrayList<>(), new ArrayList<>());
        futures.forEach(outcome::add);
        return outcome;
      } finally {
        threads.shutdownNow();
      }
    }

    private void add(Future<T> future) {
      try {
        results.add(future.get());
      } catch (ExecutionException e) {
        failures.add(e.getCause());
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        failures.add(new IllegalStateException("interrupted while servers start or end", e));
      }
    }

    /** Throws the first failure with the others attached, if there is one. */
    void throwFailure() {
      if (failures.isEmpty()) {
        return;
      }
      Throwable first = failures.get(0);
      failures.stream().skip(1).forEach(first::addSuppressed);
      if (first instanceof RuntimeException exception) {
        throw exception;
      }
      if (first instanceof Error error) {
        throw error;
      }
      throw new IllegalStateException("a server failed", first);
    }
  }
}

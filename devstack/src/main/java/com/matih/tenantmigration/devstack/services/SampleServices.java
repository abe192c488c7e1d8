package com.matih.tenantmigration.devstack.services;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.matih.tenantmigration.devstack.sample.SampleTenant;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The sample platform's services over HTTP: {@code GET /<tenant>/health} answers 200 and names the
 * route where the stores answer on it, and 503 where they do not.
 */
public final class SampleServices implements AutoCloseable {

  private static final Logger log = LoggerFactory.getLogger(SampleServices.class);
  private static final ObjectMapper JSON = new ObjectMapper();

  private final TenantRoutes routes;
  private final Map<SampleService, HttpServer> servers = new EnumMap<>(SampleService.class);
  private final Set<SampleService> broken = ConcurrentHashMap.newKeySet();
  private final ExecutorService threads =
      Executors.newCachedThreadPool(
          runnable -> {
            Thread thread = new Thread(runnable, "sample-service");
            thread.setDaemon(true);
            return thread;
          });

  private SampleServices(TenantRoutes routes) {
    this.routes = routes;
  }

  /** Starts all services, each on a port of its own on loopback. */
  public static SampleServices start(TenantRoutes routes) {
    SampleServices services = new SampleServices(routes);
    for (SampleService service : SampleService.values()) {
      services.startOne(service);
    }
    return services;
  }

  private void startOne(SampleService service) {
    try {
      HttpServer server =
          HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
      server.createContext("/", exchange -> answer(service, exchange));
      server.setExecutor(threads);
      server.start();
      servers.put(service, server);
    } catch (IOException e) {
      close();
      throw new UncheckedIOException(service.label() + " does not start", e);
    }
  }

  /** The addresses at which the services say whether they can serve a tenant. */
  public List<String> healthEndpoints(SampleTenant tenant) {
    List<String> endpoints = new ArrayList<>();
    servers.forEach(
        (service, server) ->
            endpoints.add(
                "http://127.0.0.1:%d/%s/health"
                    .formatted(server.getAddress().getPort(), tenant.id())));
    return endpoints;
  }

  /** Where each service is, by the name of its variable in {@code devstack.env}. */
  public Map<String, String> environment() {
    Map<String, String> variables = new LinkedHashMap<>();
    servers.forEach(
        (service, server) ->
            variables.put(
                "SERVICE_%s_URL".formatted(service.name()),
                "http://127.0.0.1:%d".formatted(server.getAddress().getPort())));
    return variables;
  }

  /** Has a service answer 500 from now on. */
  public void breakDown(SampleService service) {
    broken.add(service);
  }

  /** Has all services answer as they can again. */
  public void repair() {
    broken.clear();
  }

  private void answer(SampleService service, HttpExchange exchange) throws IOException {
    try (exchange) {
      String[] path = exchange.getRequestURI().getPath().split("/", -1);
      Map<String, Object> body = new LinkedHashMap<>();
      body.put("service", service.label());
      int status;
      if (path.length != 3 || !path[2].equals("health")) {
        status = 404;
      } else {
        status = health(service, path[1], body);
      }
      byte[] bytes = JSON.writeValueAsBytes(body);
      exchange.getResponseHeaders().set("Content-Type", "application/json");
      exchange.sendResponseHeaders(status, bytes.length);
      exchange.getResponseBody().write(bytes);
    }
  }

  private int health(SampleService service, String tenant, Map<String, Object> body) {
    Optional<TenantRoute> route = routes.of(tenant);
    if (route.isEmpty()) {
      return 404;
    }
    body.put("tenant", tenant);
    body.put("state", route.get().config().state());
    body.put("configurationVersion", route.get().config().version());
    if (broken.contains(service)) {
      body.put("problem", "broken on purpose");
      return 500;
    }
    try {
      body.putAll(service.check(route.get()));
      return 200;
    } catch (RuntimeException e) {
      log.warn("{} cannot serve {}", service.label(), tenant, e);
      body.put("problem", String.valueOf(e.getMessage()));
      return 503;
    }
  }

  /** The services' names, for people. */
  public static List<String> names() {
    return Arrays.stream(SampleService.values()).map(SampleService::label).toList();
  }

  @Override
  public void close() {
    servers.values().forEach(server -> server.stop(0));
    threads.shutdownNow();
  }
}

package com.matih.tenantmigration.examples;

import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.matih.tenantmigration.starter.EndedFromOutsideException;
import com.matih.tenantmigration.starter.InvalidRequestException;
import com.matih.tenantmigration.starter.OperationRejectedException;
import com.matih.tenantmigration.starter.StartedMigration;
import com.matih.tenantmigration.starter.TenantMigrations;
import com.matih.tenantmigration.workflow.Outcome;
import com.matih.tenantmigration.workflow.report.MigrationReport;
import com.matih.tenantmigration.workflow.request.MigrationRequest;
import com.matih.tenantmigration.workflow.request.validation.RequestReader;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;

/**
 * An example of a tenant-service: {@code POST /upgrades} with a request begins a tenant's upgrade,
 * {@code GET /upgrades/TENANT} returns its state.
 */
public final class UpgradeService implements AutoCloseable {

  private static final String PATH = "/upgrades/";

  private final TenantMigrations migrations;
  private final HttpServer server;
  private final Map<String, String> upgrades = new ConcurrentHashMap<>();

  /**
   * Serves on a free port of the loopback interface.
   *
   * @param migrations the client, which the caller keeps and closes
   * @throws IOException where no port can be opened
   */
  public UpgradeService(TenantMigrations migrations) throws IOException {
    this.migrations = migrations;
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(PATH, this::handle);
    server.start();
  }

  /** Follows an upgrade again that was in progress when the service ended. */
  public void resume(String tenant) {
    callBack(tenant, migrations.outcome(tenant));
  }

  /** A migration that somebody terminated has no report: manual action is needed. */
  private void callBack(String tenant, CompletableFuture<MigrationReport> outcome) {
    upgrades.put(tenant, "UPGRADING");
    var unused =
        outcome.whenComplete(
            (report, failure) ->
                upgrades.put(
                    tenant,
                    failure == null
                        ? told(report.outcome())
                        : failure instanceof EndedFromOutsideException
                            ? "NEEDS_A_PERSON"
                            : "UNKNOWN"));
  }

  private static String told(Outcome outcome) {
    return switch (outcome) {
      case RUNNING -> "UPGRADING";
      case COMPLETED -> "UPGRADED";
      case REFUSED, ROLLED_BACK -> "NOT_UPGRADED";
      case ROLLBACK_INCOMPLETE -> "NEEDS_A_PERSON";
    };
  }

  /** Where upgrades are started, and asked for with the tenant's name behind it. */
  public URI address() {
    return URI.create("http://127.0.0.1:" + server.getAddress().getPort() + PATH);
  }

  private void handle(HttpExchange exchange) throws IOException {
    if (exchange.getRequestMethod().equals("POST")) {
      begin(exchange);
    } else {
      String tenant = exchange.getRequestURI().getPath().substring(PATH.length());
      answer(exchange, 200, upgrades.getOrDefault(tenant, "NONE"));
    }
  }

  private void begin(HttpExchange exchange) throws IOException {
    String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
    var reading = new RequestReader(new YAMLFactory()).read(body);
    if (reading.request().isEmpty()) {
      answer(exchange, 400, reading.problems().toString());
      return;
    }
    MigrationRequest request = reading.request().get();
    try {
      StartedMigration started = migrations.start(request);
      if (!upgrades.containsKey(request.tenant()) || !started.alreadyRunning()) {
        callBack(request.tenant(), migrations.outcome(started));
      }
      answer(exchange, started.alreadyRunning() ? 200 : 202, started.runId());
    } catch (InvalidRequestException e) {
      answer(exchange, 400, e.getMessage());
    } catch (OperationRejectedException e) {
      answer(exchange, 409, e.getMessage());
    }
  }

  private static void answer(HttpExchange exchange, int status, String text) throws IOException {
    byte[] body = text.getBytes(StandardCharsets.UTF_8);
    exchange.sendResponseHeaders(status, body.length == 0 ? -1 : body.length);
    exchange.getResponseBody().write(body);
    exchange.close();
  }

  @Override
  public void close() {
    server.stop(0);
  }
}

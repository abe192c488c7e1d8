package com.matih.tenantmigration.activities.elasticsearch;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;

/** Stands before a real cluster and lets it behave as another version or size would. */
final class ClusterProxy implements AutoCloseable {

  /** Changes what passes; by several threads. */
  interface Behaviour {

    /** An answer that the cluster is not asked for. */
    default Optional<Reply> answer(Call call) {
      return Optional.empty();
    }

    /** The request as the cluster gets it. */
    default Call request(Call call) {
      return call;
    }

    /** The body of the cluster's answer as the client gets it. */
    default String response(Call call, String body) {
      return body;
    }
  }

  /**
   * A request.
   *
   * @param target the path with its parameters
   */
  record Call(String target, String body) {}

  /** An answer. */
  record Reply(int status, String body) {}

  private final HttpClient client = HttpClient.newHttpClient();
  private final HttpServer proxy;
  private final String url;
  private final Behaviour behaviour;

  ClusterProxy(TestCluster cluster, Behaviour behaviour) throws IOException {
    this.url = cluster.url();
    this.behaviour = behaviour;
    this.proxy = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    proxy.setExecutor(Executors.newCachedThreadPool());
    proxy.createContext("/", this::pass);
    proxy.start();
  }

  String url() {
    return "http://127.0.0.1:" + proxy.getAddress().getPort();
  }

  private void pass(HttpExchange exchange) throws IOException {
    String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
    Call call = new Call(exchange.getRequestURI().toString(), body);
    Optional<Reply> own = behaviour.answer(call);
    Reply reply = own.isPresent() ? own.get() : forward(exchange, call);
    byte[] bytes = reply.body().getBytes(StandardCharsets.UTF_8);
    exchange.getResponseHeaders().add("X-elastic-product", "Elasticsearch");
    exchange.getResponseHeaders().add("Content-Type", "application/json");
    exchange.sendResponseHeaders(reply.status(), bytes.length == 0 ? -1 : bytes.length);
    exchange.getResponseBody().write(bytes);
    exchange.close();
  }

  private Reply forward(HttpExchange exchange, Call call) throws IOException {
    Call changed = behaviour.request(call);
    @Nullable String type = exchange.getRequestHeaders().getFirst("Content-Type");
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(url + changed.target()))
            .method(
                exchange.getRequestMethod(), HttpRequest.BodyPublishers.ofString(changed.body()))
            .header("Content-Type", type == null ? "application/json" : type)
            .build();
    try {
      HttpResponse<String> response =
          client.send(request, HttpResponse.BodyHandlers.ofString(StandardCharsets.UTF_8));
      return new Reply(response.statusCode(), behaviour.response(call, response.body()));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException(e);
    }
  }

  @Override
  public void close() {
    proxy.stop(0);
  }
}

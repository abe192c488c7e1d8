package com.matih.tenantmigration.activities.elasticsearch.client;

import com.fasterxml.jackson.databind.JsonNode;
import com.matih.tenantmigration.activities.engine.GracePeriod;
import com.matih.tenantmigration.activities.engine.ProgressMonitor;
import com.matih.tenantmigration.activities.engine.throttle.PushBack;
import com.matih.tenantmigration.workflow.FailureType;
import com.matih.tenantmigration.workflow.MigrationException;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.http.entity.ContentType;
import org.apache.http.nio.entity.NByteArrayEntity;
import org.apache.http.util.EntityUtils;
import org.elasticsearch.client.Cancellable;
import org.elasticsearch.client.Request;
import org.elasticsearch.client.RequestOptions;
import org.elasticsearch.client.Response;
import org.elasticsearch.client.ResponseException;
import org.elasticsearch.client.ResponseListener;
import org.elasticsearch.client.RestClient;

/**
 * One cluster, spoken to in JSON. Every call ends within moments of a cancel, however long the
 * cluster takes. Safe for use by several threads.
 */
public final class SearchCluster implements AutoCloseable {

  /** What one answer may hold at most: the largest document a cluster takes, and some. */
  private static final int LARGEST_ANSWER = 160 * 1024 * 1024;

  private static final int TOO_BUSY = 429;
  private static final long LOOK_FOR_CANCEL_MILLIS = 200;
  private static final Duration TO_GIVE_BACK = Duration.ofSeconds(3);
  private static final byte[] NOTHING = new byte[0];
  private final String name;
  private final RestClient client;
  private final ProgressMonitor monitor;
  private final PushBack pushBack;
  private final StoredSource storedSource = new StoredSource();

  SearchCluster(String name, RestClient client, ProgressMonitor monitor) {
    this.name = name;
    this.client = client;
    this.monitor = monitor;
    this.pushBack = new PushBack("Elasticsearch's " + name);
  }

  /** The cluster as messages name it, such as "shared cluster". */
  public String name() {
    return name;
  }

  /** How it is asked for whole sources. */
  StoredSource storedSource() {
    return storedSource;
  }

  /** An index, an alias or an id as a part of a path. */
  public static String encode(String part) {
    return URLEncoder.encode(part, StandardCharsets.UTF_8).replace("+", "%20");
  }

  /** A call that must succeed. */
  public JsonNode get(String attempted, String path) {
    return require(attempted, exchange(attempted, "GET", path)).json();
  }

  /** A call with a JSON body that must succeed. */
  public JsonNode send(String attempted, String method, String path, JsonNode body) {
    return require(attempted, exchange(attempted, method, path, body)).json();
  }

  /** A call without a body, whatever the cluster answers to it. */
  public Answer exchange(String attempted, String method, String path) {
    return performGently(attempted, new Request(method, path), LARGEST_ANSWER, false);
  }

  /** A call with a JSON body, whatever the cluster answers to it. */
  public Answer exchange(String attempted, String method, String path, JsonNode body) {
    return performGently(attempted, jsonRequest(method, path, body), LARGEST_ANSWER, false);
  }

  /**
   * A call with a body of any kind, whatever the cluster answers to it, also that it is too busy.
   */
  public Answer exchange(
      String attempted, String method, String path, ContentType type, byte[] body) {
    return perform(attempted, request(method, path, type, body), LARGEST_ANSWER, monitor);
  }

  /**
   * A search, whose answer is left unread where it is too large.
   *
   * @param limit how many bytes the answer may have
   * @param canAskForLess whether a cluster that has too little memory for the answer is asked for
   *     less, and not for the same again
   * @throws AnswerTooLargeException where it has more
   */
  Answer search(String attempted, String path, JsonNode body, int limit, boolean canAskForLess)
      throws AnswerTooLargeException {
    try {
      return performGently(attempted, jsonRequest("POST", path, body), limit, canAskForLess);
    } catch (MigrationException e) {
      if (e.getCause() instanceof AnswerTooLargeException tooLarge) {
        throw tooLarge;
      }
      throw e;
    }
  }

  /**
   * A call that gives something back to the cluster, made although the work was cancelled; a
   * cluster that does not answer within moments keeps it.
   */
  Answer release(String attempted, String method, String path, JsonNode body) {
    return perform(
        attempted, jsonRequest(method, path, body), LARGEST_ANSWER, new GracePeriod(TO_GIVE_BACK));
  }

  /**
   * The answer, where it is no error.
   *
   * @throws MigrationException by the answer's status
   */
  public Answer require(String attempted, Answer answer) {
    if (answer.isError()) {
      throw ElasticsearchFailures.translate(name, attempted, answer);
    }
    return answer;
  }

  private static Request jsonRequest(String method, String path, JsonNode body) {
    return request(
        method,
        path,
        ContentType.APPLICATION_JSON,
        Json.write(body).getBytes(StandardCharsets.UTF_8));
  }

  private static Request request(String method, String path, ContentType type, byte[] body) {
    Request request = new Request(method, path);
    request.setEntity(new NByteArrayEntity(body, type));
    return request;
  }

  /** A cluster that is too busy is asked again, less often. */
  private Answer performGently(
      String attempted, Request request, int limit, boolean canAskForLess) {
    return pushBack.send(
        monitor,
        () -> perform(attempted, request, limit, monitor),
        answer ->
            answer.status() == TOO_BUSY
                && !ElasticsearchFailures.isBlock(answer)
                && !(canAskForLess && ElasticsearchFailures.isTooMuch(answer)),
        failure -> false,
        failure -> false);
  }

  private Answer perform(
      String attempted, Request request, int limit, ProgressMonitor cancelledBy) {
    cancelledBy.throwIfCancelled();
    request.setOptions(
        RequestOptions.DEFAULT.toBuilder()
            .setHttpAsyncResponseConsumerFactory(() -> new BoundedAnswer(limit)));
    CompletableFuture<Response> arriving = new CompletableFuture<>();
    Cancellable call =
        client.performRequestAsync(
            request,
            new ResponseListener() {
              @Override
              public void onSuccess(Response response) {
                arriving.complete(response);
              }

              @Override
              public void onFailure(Exception e) {
                arriving.completeExceptionally(e);
              }
            });
    try {
      Answer answer = answer(await(arriving, call, cancelledBy));
      monitor.moved();
      return answer;
    } catch (ExecutionException e) {
      return failed(attempted, e.getCause());
    } catch (InterruptedException e) {
      call.cancel();
      Thread.currentThread().interrupt();
      throw new MigrationException(FailureType.CANCELLED, "The step was cancelled.", e);
    } catch (IOException e) {
      throw ElasticsearchFailures.translate(name, attempted, e);
    }
  }

  private static Response await(
      CompletableFuture<Response> arriving, Cancellable call, ProgressMonitor cancelledBy)
      throws ExecutionException, InterruptedException {
    while (true) {
      try {
        return arriving.get(LOOK_FOR_CANCEL_MILLIS, TimeUnit.MILLISECONDS);
      } catch (TimeoutException e) {
        if (cancelledBy.isCancelled()) {
          call.cancel();
          cancelledBy.throwIfCancelled();
        }
      }
    }
  }

  private Answer failed(String attempted, Throwable cause) {
    try {
      if (cause instanceof ResponseException refused) {
        return answer(refused.getResponse());
      }
    } catch (IOException e) {
      throw ElasticsearchFailures.translate(name, attempted, e);
    }
    if (cause instanceof IOException broken) {
      throw ElasticsearchFailures.translate(name, attempted, broken);
    }
    throw new MigrationException(
        FailureType.STORE_ERROR,
        "Elasticsearch's %s did not %s: its client failed (%s)."
            .formatted(name, attempted, cause.getClass().getSimpleName()),
        cause);
  }

  private static Answer answer(Response response) throws IOException {
    byte[] body =
        response.getEntity() == null ? NOTHING : EntityUtils.toByteArray(response.getEntity());
    return new Answer(response.getStatusLine().getStatusCode(), body);
  }

  @Override
  public void close() {
    try {
      client.close();
    } catch (IOException e) {
      throw ElasticsearchFailures.translate(name, "end a connection", e);
    }
  }
}

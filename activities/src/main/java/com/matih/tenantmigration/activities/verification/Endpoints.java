package com.matih.tenantmigration.activities.verification;

import com.matih.tenantmigration.activities.secrets.ResolvedSecrets;
import com.matih.tenantmigration.activities.secrets.SecretResolver;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpClient.Redirect;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/** Asks HTTP endpoints whether they are well, all at the same time. */
final class Endpoints {

  private static final Duration TIMEOUT = Duration.ofSeconds(5);

  /** The client's own timeout ends with the answer's head. */
  private static final Duration WHOLE_ANSWER = TIMEOUT.multipliedBy(2);

  private static final int WELL = 200;
  private static final String AUTHORIZATION = "Authorization";

  private final SecretResolver secrets;
  private final HttpClient client =
      HttpClient.newBuilder().connectTimeout(TIMEOUT).followRedirects(Redirect.NEVER).build();

  Endpoints(SecretResolver secrets) {
    this.secrets = secrets;
  }

  /**
   * The endpoints that did not answer 200, in the given order, with what they did instead.
   *
   * @param addresses may hold secret references; the answer names them unresolved
   */
  Map<String, String> ask(List<String> addresses) {
    return ask(addresses, (address, answer) -> wrong(answer));
  }

  /**
   * The endpoints that gave no answer at all, in the given order, with what happened instead.
   *
   * @param addresses may hold secret references; the answer names them unresolved
   */
  Map<String, String> silent(List<String> addresses) {
    return ask(addresses, (address, answer) -> "");
  }

  private static String wrong(HttpResponse<String> answer) {
    if (answer.statusCode() == WELL) {
      return "";
    }
    String said = AnswerExcerpt.quoted(ResolvedSecrets.scrub(answer.body()));
    return "answered " + answer.statusCode() + (said.isEmpty() ? "" : ": " + said);
  }

  private Map<String, String> ask(
      List<String> addresses, BiFunction<String, HttpResponse<String>, String> verdict) {
    Map<String, CompletableFuture<String>> answers = new LinkedHashMap<>();
    for (String address : addresses) {
      answers.put(address, ask(address, verdict));
    }
    Map<String, String> wrong = new LinkedHashMap<>();
    answers.forEach(
        (address, answer) -> {
          String text = answer.join();
          if (!text.isEmpty()) {
            wrong.put(address, text);
          }
        });
    return wrong;
  }

  private CompletableFuture<String> ask(
      String address, BiFunction<String, HttpResponse<String>, String> verdict) {
    HttpRequest request;
    try {
      secrets.hosts().requireAll(address);
      request = request(URI.create(secrets.resolveAddress(address)));
    } catch (IllegalArgumentException e) {
      return CompletableFuture.completedFuture("is not a valid HTTP address");
    }
    return client
        .sendAsync(request, response -> new AnswerExcerpt())
        .orTimeout(WHOLE_ANSWER.toMillis(), TimeUnit.MILLISECONDS)
        .handle(
            (response, error) ->
                response == null ? noAnswer(error) : verdict.apply(address, response));
  }

  private static HttpRequest request(URI uri) {
    HttpRequest.Builder request = HttpRequest.newBuilder(uri).timeout(TIMEOUT).GET();
    if (uri.getUserInfo() != null) {
      String login =
          Base64.getEncoder().encodeToString(uri.getUserInfo().getBytes(StandardCharsets.UTF_8));
      ResolvedSecrets.note(login);
      request.header(AUTHORIZATION, "Basic " + login);
    }
    return request.build();
  }

  private static String noAnswer(@Nullable Throwable error) {
    Throwable cause =
        error instanceof CompletionException && error.getCause() != null ? error.getCause() : error;
    String name = cause == null ? "no answer" : cause.getClass().getSimpleName();
    return "did not answer (%s)".formatted(name);
  }
}

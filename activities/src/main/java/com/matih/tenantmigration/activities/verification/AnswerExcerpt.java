package com.matih.tenantmigration.activities.verification;

import java.io.ByteArrayOutputStream;
import java.net.http.HttpResponse.BodySubscriber;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow.Subscription;
import org.jspecify.annotations.Nullable;

/** Takes the beginning of an answer's body, however much there is of it. */
final class AnswerExcerpt implements BodySubscriber<String> {

  /** More than is quoted, so that a secret in it is seen whole. */
  private static final int MOST_BYTES = 16 << 10;

  private static final int QUOTED = 200;

  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
  private final CompletableFuture<String> text = new CompletableFuture<>();
  private @Nullable Subscription subscription;

  @Override
  public CompletionStage<String> getBody() {
    return text;
  }

  @Override
  public void onSubscribe(Subscription toBody) {
    subscription = toBody;
    toBody.request(Long.MAX_VALUE);
  }

  @Override
  public void onNext(List<ByteBuffer> part) {
    for (ByteBuffer buffer : part) {
      byte[] taken = new byte[Math.min(buffer.remaining(), MOST_BYTES - bytes.size())];
      buffer.get(taken);
      bytes.writeBytes(taken);
    }
    if (bytes.size() == MOST_BYTES && subscription != null) {
      subscription.cancel();
      onComplete();
    }
  }

  /** What came before the connection broke is quoted all the same. */
  @Override
  public void onError(Throwable failure) {
    onComplete();
  }

  @Override
  public void onComplete() {
    text.complete(bytes.toString(StandardCharsets.UTF_8));
  }

  /** The first 200 characters of a body in one line. */
  static String quoted(String body) {
    StringBuilder line = new StringBuilder();
    body.strip()
        .codePoints()
        .limit(QUOTED + 1L)
        .forEach(sign -> line.append(isVisible(sign) ? Character.toString(sign) : escaped(sign)));
    boolean whole = line.codePointCount(0, line.length()) <= QUOTED;
    return whole ? line.toString() : line.substring(0, line.offsetByCodePoints(0, QUOTED)) + "…";
  }

  private static boolean isVisible(int sign) {
    return switch (Character.getType(sign)) {
      case Character.CONTROL,
          Character.FORMAT,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR ->
          false;
      default -> true;
    };
  }

  private static String escaped(int sign) {
    return switch (sign) {
      case '\n' -> "\\n";
      case '\r' -> "\\r";
      case '\t' -> "\\t";
      default -> "\\u%04x".formatted(sign);
    };
  }
}

package com.matih.tenantmigration.starter.codec;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.util.JsonFormat;
import com.matih.tenantmigration.starter.codec.CodecServer.Access;
import com.matih.tenantmigration.workflow.encryption.PayloadEncryption;
import com.matih.tenantmigration.workflow.encryption.PayloadEncryptionException;
import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import io.temporal.api.common.v1.Payload;
import io.temporal.api.common.v1.Payloads;
import java.io.IOException;
import java.security.MessageDigest;
import java.util.List;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Decides who is answered, and answers. */
final class CodecHandler implements HttpHandler {

  /** A payload has 2 MiB at most, and what Temporal tells in one message has 4 MiB. */
  static final int MOST_BYTES = 16 * 1024 * 1024;

  private static final Logger log = LoggerFactory.getLogger(CodecHandler.class);
  private static final String TEXT = "text/plain; charset=utf-8";

  private final PayloadEncryption encryption;
  private final Access access;

  CodecHandler(PayloadEncryption encryption, Access access) {
    this.encryption = encryption;
    this.access = access;
  }

  private record Answer(int status, String type, String text) {

    static Answer refused(int status, String why) {
      return new Answer(status, TEXT, why + "\n");
    }
  }

  @Override
  public void handle(HttpExchange exchange) throws IOException {
    try (exchange) {
      Answer answer;
      try {
        answer = answer(exchange);
      } catch (RuntimeException e) {
        log.warn("a request could not be answered", e);
        answer = Answer.refused(500, "The codec server failed; see its log.");
      }
      byte[] body = answer.text().getBytes(UTF_8);
      Headers headers = exchange.getResponseHeaders();
      headers.set("Content-Type", answer.type());
      headers.set("Cache-Control", "no-store");
      headers.set("X-Content-Type-Options", "nosniff");
      exchange.sendResponseHeaders(answer.status(), body.length == 0 ? -1 : body.length);
      exchange.getResponseBody().write(body);
    }
  }

  private Answer answer(HttpExchange exchange) throws IOException {
    // as the protocol has it, the end of the path tells
    String path = exchange.getRequestURI().getPath();
    boolean decodes = path.endsWith("/decode");
    if (!decodes && !path.endsWith("/encode")) {
      return Answer.refused(404, "There are only /encode and /decode.");
    }
    String origin = exchange.getRequestHeaders().getFirst("Origin");
    exchange.getResponseHeaders().set("Vary", "Origin");
    if (origin != null) {
      // refused without a token as well: a page can send what it cannot read the answer of
      if (!access.origins().contains(origin)) {
        return Answer.refused(403, "Pages of this origin may not ask. Allow it by --origin.");
      }
      allow(origin, exchange.getResponseHeaders());
    }
    switch (exchange.getRequestMethod()) {
      case "OPTIONS" -> {
        return new Answer(204, TEXT, "");
      }
      case "POST" -> {
        if (!isAuthorized(exchange.getRequestHeaders().getFirst("Authorization"))) {
          exchange.getResponseHeaders().set("WWW-Authenticate", "Bearer");
          return Answer.refused(401, "The request lacks the token (Authorization: Bearer …).");
        }
        byte[] body = exchange.getRequestBody().readNBytes(MOST_BYTES + 1);
        return body.length > MOST_BYTES
            ? Answer.refused(413, "The request is larger than %d bytes.".formatted(MOST_BYTES))
            : answer(new String(body, UTF_8), decodes ? encryption::decode : encryption::encode);
      }
      default -> {
        exchange.getResponseHeaders().set("Allow", "POST, OPTIONS");
        return Answer.refused(405, "Ask by POST.");
      }
    }
  }

  /** A browser sends cookies and the user's token only where a single origin is allowed to. */
  private static void allow(String origin, Headers headers) {
    headers.set("Access-Control-Allow-Origin", origin);
    headers.set("Access-Control-Allow-Credentials", "true");
    headers.set("Access-Control-Allow-Methods", "POST");
    headers.set("Access-Control-Allow-Headers", "Authorization, Content-Type, X-Namespace");
    headers.set("Access-Control-Max-Age", "600");
  }

  private boolean isAuthorized(@Nullable String authorization) {
    String token = access.token();
    // equal in constant time
    return token == null
        || (authorization != null
            && MessageDigest.isEqual(
                ("Bearer " + token).getBytes(UTF_8), authorization.getBytes(UTF_8)));
  }

  private static Answer answer(String body, UnaryOperator<List<Payload>> codec)
      throws InvalidProtocolBufferException {
    Payloads.Builder payloads = Payloads.newBuilder();
    try {
      JsonFormat.parser().ignoringUnknownFields().merge(body, payloads);
    } catch (InvalidProtocolBufferException e) {
      // its message may quote the payload
      return Answer.refused(
          400,
          "The body is not JSON of payloads: {\"payloads\": [{\"metadata\": …, \"data\": …}]}.");
    }
    try {
      Payloads answer =
          Payloads.newBuilder().addAllPayloads(codec.apply(payloads.getPayloadsList())).build();
      return new Answer(200, "application/json", JsonFormat.printer().print(answer));
    } catch (PayloadEncryptionException e) {
      log.warn("{}", e.getMessage());
      return Answer.refused(400, e.getMessage());
    }
  }
}

package com.matih.tenantmigration.activities.objectstorage.client;

import com.matih.tenantmigration.activities.secrets.CaFile;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import javax.net.ssl.TrustManagerFactory;
import org.apache.hc.client5.http.classic.methods.HttpUriRequestBase;
import org.apache.hc.client5.http.config.ConnectionConfig;
import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;
import org.apache.hc.client5.http.impl.classic.HttpClients;
import org.apache.hc.client5.http.impl.io.ManagedHttpClientConnectionFactory;
import org.apache.hc.client5.http.impl.io.PoolingHttpClientConnectionManagerBuilder;
import org.apache.hc.client5.http.ssl.DefaultClientTlsStrategy;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.Header;
import org.apache.hc.core5.http.HttpHost;
import org.apache.hc.core5.http.config.CharCodingConfig;
import org.apache.hc.core5.http.io.entity.InputStreamEntity;
import org.apache.hc.core5.io.CloseMode;
import org.apache.hc.core5.util.Timeout;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.http.AbortableInputStream;
import software.amazon.awssdk.http.ExecutableHttpRequest;
import software.amazon.awssdk.http.HttpExecuteRequest;
import software.amazon.awssdk.http.HttpExecuteResponse;
import software.amazon.awssdk.http.SdkHttpClient;
import software.amazon.awssdk.http.SdkHttpRequest;
import software.amazon.awssdk.http.SdkHttpResponse;

/**
 * Sends requests by the SDK's own client, but those with a header that is not ASCII by a client
 * that writes headers as UTF-8, which is what the signature was made of; reads the headers of all
 * answers as UTF-8.
 */
final class Utf8HeaderClient implements SdkHttpClient {

  /** The client writes these itself; none of them is signed. */
  private static final Set<String> OF_THE_CLIENT =
      Set.of("content-length", "transfer-encoding", "expect", "connection");

  private final SdkHttpClient usual;
  private final int connections;
  private final Duration connect;
  private final Duration silence;
  private final @Nullable TrustManagerFactory trust;
  private @Nullable CloseableHttpClient inUtf8;

  Utf8HeaderClient(
      SdkHttpClient usual,
      int connections,
      Duration connect,
      Duration silence,
      @Nullable TrustManagerFactory trust) {
    this.usual = usual;
    this.connections = connections;
    this.connect = connect;
    this.silence = silence;
    this.trust = trust;
  }

  /** Built when it is needed, which is seldom: it takes longer than many requests. */
  private synchronized CloseableHttpClient inUtf8() {
    if (inUtf8 == null) {
      inUtf8 = build();
    }
    return inUtf8;
  }

  private CloseableHttpClient build() {
    PoolingHttpClientConnectionManagerBuilder manager =
        PoolingHttpClientConnectionManagerBuilder.create()
            .useSystemProperties()
            .setConnectionFactory(
                ManagedHttpClientConnectionFactory.builder()
                    .charCodingConfig(
                        CharCodingConfig.custom().setCharset(StandardCharsets.UTF_8).build())
                    .build())
            .setMaxConnPerRoute(connections)
            .setMaxConnTotal(connections)
            .setDefaultConnectionConfig(
                ConnectionConfig.custom()
                    .setConnectTimeout(Timeout.of(connect))
                    .setSocketTimeout(Timeout.of(silence))
                    .build());
    if (trust != null) {
      manager.setTlsSocketStrategy(new DefaultClientTlsStrategy(CaFile.context(trust)));
    }
    return HttpClients.custom()
        .useSystemProperties()
        .setConnectionManager(manager.build())
        .disableRedirectHandling()
        .disableAutomaticRetries()
        .disableContentCompression()
        .disableCookieManagement()
        .disableAuthCaching()
        .build();
  }

  @Override
  public ExecutableHttpRequest prepareRequest(HttpExecuteRequest request) {
    return hasOnlyAscii(request.httpRequest())
        ? new Decoded(usual.prepareRequest(request))
        : new InUtf8(request);
  }

  private static boolean hasOnlyAscii(SdkHttpRequest request) {
    return request.headers().values().stream().flatMap(List::stream).allMatch(Utf8Headers::isAscii);
  }

  @Override
  public String clientName() {
    return usual.clientName();
  }

  @Override
  public void close() {
    usual.close();
    closeInUtf8();
  }

  private synchronized void closeInUtf8() {
    if (inUtf8 != null) {
      inUtf8.close(CloseMode.IMMEDIATE);
    }
  }

  /** A request of the SDK's client, which reads headers byte by byte. */
  private record Decoded(ExecutableHttpRequest request) implements ExecutableHttpRequest {

    @Override
    public HttpExecuteResponse call() throws IOException {
      HttpExecuteResponse answer = request.call();
      SdkHttpResponse.Builder decoded = answer.httpResponse().toBuilder();
      answer
          .httpResponse()
          .forEachHeader(
              (name, values) ->
                  decoded.putHeader(name, values.stream().map(Utf8Headers::decode).toList()));
      HttpExecuteResponse.Builder response =
          HttpExecuteResponse.builder().response(decoded.build());
      answer.responseBody().ifPresent(response::responseBody);
      return response.build();
    }

    @Override
    public void abort() {
      request.abort();
    }
  }

  /** A request with a header that is not ASCII. */
  private final class InUtf8 implements ExecutableHttpRequest {

    private final HttpHost host;
    private final HttpUriRequestBase request;

    InUtf8(HttpExecuteRequest execute) {
      SdkHttpRequest http = execute.httpRequest();
      this.host = new HttpHost(http.protocol(), http.host(), http.port());
      this.request = new HttpUriRequestBase(http.method().name(), URI.create(host.toURI() + "/"));
      String query = http.encodedQueryParameters().map(text -> "?" + text).orElse("");
      String path = http.encodedPath();
      // as it was signed; a normalized one would be another key
      request.setPath((path.isEmpty() ? "/" : path) + query);
      for (Map.Entry<String, List<String>> header : http.headers().entrySet()) {
        if (!OF_THE_CLIENT.contains(header.getKey().toLowerCase(Locale.ROOT))) {
          header.getValue().forEach(value -> request.addHeader(header.getKey(), value));
        }
      }
      execute
          .contentStreamProvider()
          .ifPresent(
              content -> {
                long length =
                    http.firstMatchingHeader("Content-Length").map(Long::parseLong).orElse(-1L);
                request.setEntity(new InputStreamEntity(content.newStream(), length, null));
              });
    }

    @Override
    public HttpExecuteResponse call() throws IOException {
      ClassicHttpResponse answer = inUtf8().executeOpen(host, request, null);
      SdkHttpResponse.Builder response =
          SdkHttpResponse.builder()
              .statusCode(answer.getCode())
              .statusText(answer.getReasonPhrase());
      for (Header header : answer.getHeaders()) {
        response.appendHeader(header.getName(), header.getValue());
      }
      InputStream body = answer.getEntity() == null ? null : answer.getEntity().getContent();
      HttpExecuteResponse.Builder executed =
          HttpExecuteResponse.builder().response(response.build());
      if (body != null) {
        executed.responseBody(AbortableInputStream.create(body, this));
      }
      return executed.build();
    }

    @Override
    public void abort() {
      request.abort();
    }
  }
}

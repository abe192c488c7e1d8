package com.matih.tenantmigration.activities.elasticsearch.client;

import com.matih.tenantmigration.activities.engine.ProgressMonitor;
import com.matih.tenantmigration.activities.secrets.CaFile;
import com.matih.tenantmigration.activities.secrets.SecretResolver;
import com.matih.tenantmigration.workflow.FailureType;
import com.matih.tenantmigration.workflow.MigrationException;
import com.matih.tenantmigration.workflow.request.ElasticsearchSpec;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.concurrent.ThreadFactory;
import org.apache.http.Header;
import org.apache.http.HttpHost;
import org.apache.http.config.RegistryBuilder;
import org.apache.http.conn.DnsResolver;
import org.apache.http.impl.nio.conn.ManagedNHttpClientConnectionFactory;
import org.apache.http.impl.nio.conn.PoolingNHttpClientConnectionManager;
import org.apache.http.impl.nio.reactor.DefaultConnectingIOReactor;
import org.apache.http.impl.nio.reactor.IOReactorConfig;
import org.apache.http.message.BasicHeader;
import org.apache.http.nio.conn.NoopIOSessionStrategy;
import org.apache.http.nio.conn.SchemeIOSessionStrategy;
import org.apache.http.nio.conn.ssl.SSLIOSessionStrategy;
import org.apache.http.nio.reactor.IOReactorException;
import org.elasticsearch.client.RestClient;
import org.elasticsearch.client.RestClientBuilder;
import org.jspecify.annotations.Nullable;

/**
 * Opens clients for the request's clusters.
 *
 * <p>Elastic's low-level client is used, so that settings, mappings and documents keep their exact
 * JSON: a typed client would parse them into classes and serialize them again, which drops unknown
 * fields and rounds numbers.
 */
public final class ElasticsearchClients {

  private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(5);
  private static final Duration ANSWER_TIMEOUT = Duration.ofSeconds(90);
  private static final int CONNECTIONS = 16;

  private final SecretResolver secrets;

  public ElasticsearchClients(SecretResolver secrets) {
    this.secrets = secrets;
  }

  /** The cluster that the tenants share; its calls end when the monitor is cancelled. */
  public SearchCluster shared(ElasticsearchSpec spec, ProgressMonitor monitor) {
    return open("shared cluster", spec.source(), monitor);
  }

  /** The tenant's own cluster; its calls end when the monitor is cancelled. */
  public SearchCluster dedicated(ElasticsearchSpec spec, ProgressMonitor monitor) {
    return open("dedicated cluster", spec.target(), monitor);
  }

  private SearchCluster open(
      String kind, ElasticsearchSpec.Cluster cluster, ProgressMonitor monitor) {
    monitor.askForAnswer(kind, () -> requireAnswer(kind, cluster));
    return open(kind, cluster, ANSWER_TIMEOUT, monitor);
  }

  private void requireAnswer(String kind, ElasticsearchSpec.Cluster cluster) {
    try (SearchCluster asked =
        open(kind, cluster, CONNECT_TIMEOUT, ProgressMonitor.unmonitored())) {
      var unused = asked.exchange("answer", "HEAD", "/");
    }
  }

  private SearchCluster open(
      String kind,
      ElasticsearchSpec.Cluster cluster,
      Duration answerTimeout,
      ProgressMonitor monitor) {
    secrets.hosts().requireAll(cluster.url());
    URI uri = parse(kind, secrets.resolveAddress(cluster.url()));
    String name =
        uri.getPort() < 0
            ? "%s at %s".formatted(kind, uri.getHost())
            : "%s at %s:%d".formatted(kind, uri.getHost(), uri.getPort());
    SSLIOSessionStrategy tls = tls(cluster);
    RestClientBuilder builder =
        RestClient.builder(new HttpHost(uri.getHost(), uri.getPort(), uri.getScheme()))
            .setDefaultHeaders(authorization(uri, secrets.resolveOptional(cluster.apiKey())))
            .setHttpClientConfigCallback(
                client ->
                    client
                        .setConnectionManager(connections(tls, secrets.hosts()::resolve))
                        .setThreadFactory(daemons("elasticsearch-client"))
                        .disableAuthCaching())
            .setRequestConfigCallback(
                request ->
                    request
                        .setRedirectsEnabled(false)
                        .setConnectTimeout((int) CONNECT_TIMEOUT.toMillis())
                        .setSocketTimeout((int) answerTimeout.toMillis()));
    if (uri.getRawPath() != null && uri.getRawPath().length() > 1) {
      builder.setPathPrefix(uri.getRawPath());
    }
    return new SearchCluster(name, builder.build(), monitor);
  }

  private static URI parse(String name, String url) {
    // the parser's own message would repeat the text, which may hold a password
    try {
      URI uri = URI.create(url);
      if (uri.getHost() != null && uri.getScheme() != null) {
        return uri;
      }
    } catch (IllegalArgumentException e) {
      throw badUrl(name);
    }
    throw badUrl(name);
  }

  private static MigrationException badUrl(String name) {
    return new MigrationException(
        FailureType.BAD_REQUEST,
        "The URL of Elasticsearch's %s is invalid. Write one such as https://host:9200."
            .formatted(name));
  }

  private static Header[] authorization(URI uri, @Nullable String apiKey) {
    if (apiKey != null) {
      return new Header[] {new BasicHeader("Authorization", "ApiKey " + apiKey)};
    }
    if (uri.getUserInfo() != null) {
      String basic =
          Base64.getEncoder().encodeToString(uri.getUserInfo().getBytes(StandardCharsets.UTF_8));
      return new Header[] {new BasicHeader("Authorization", "Basic " + basic)};
    }
    return new Header[0];
  }

  private SSLIOSessionStrategy tls(ElasticsearchSpec.Cluster cluster) {
    String caFile = cluster.caFile();
    return caFile == null
        ? SSLIOSessionStrategy.getSystemDefaultStrategy()
        : new SSLIOSessionStrategy(CaFile.context(CaFile.trust(secrets, caFile)));
  }

  /** Connections whose threads are daemons: a client's own would keep the process alive. */
  private static PoolingNHttpClientConnectionManager connections(
      SSLIOSessionStrategy tls, DnsResolver hosts) {
    try {
      PoolingNHttpClientConnectionManager manager =
          new PoolingNHttpClientConnectionManager(
              new DefaultConnectingIOReactor(
                  IOReactorConfig.custom().setIoThreadCount(2).build(),
                  daemons("elasticsearch-io")),
              ManagedNHttpClientConnectionFactory.INSTANCE,
              RegistryBuilder.<SchemeIOSessionStrategy>create()
                  .register("http", NoopIOSessionStrategy.INSTANCE)
                  .register("https", tls)
                  .build(),
              hosts);
      manager.setMaxTotal(CONNECTIONS);
      manager.setDefaultMaxPerRoute(CONNECTIONS);
      return manager;
    } catch (IOReactorException e) {
      throw new IllegalStateException("the HTTP client's threads could not be started", e);
    }
  }

  private static ThreadFactory daemons(String name) {
    return runnable -> {
      Thread thread = new Thread(runnable, name);
      thread.setDaemon(true);
      return thread;
    };
  }
}

package com.matih.tenantmigration.activities.objectstorage.client;

import com.matih.tenantmigration.activities.engine.ProgressMonitor;
import com.matih.tenantmigration.activities.secrets.CaFile;
import com.matih.tenantmigration.activities.secrets.SecretResolver;
import com.matih.tenantmigration.workflow.FailureType;
import com.matih.tenantmigration.workflow.MigrationException;
import com.matih.tenantmigration.workflow.request.ObjectStorageSpec;
import com.matih.tenantmigration.workflow.request.ObjectStorageSpec.Location;
import java.net.URI;
import java.time.Duration;
import javax.net.ssl.TrustManagerFactory;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.auth.credentials.DefaultCredentialsProvider;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.core.checksums.RequestChecksumCalculation;
import software.amazon.awssdk.core.checksums.ResponseChecksumValidation;
import software.amazon.awssdk.http.SdkHttpClient;
import software.amazon.awssdk.http.apache5.Apache5HttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.S3ClientBuilder;
import software.amazon.awssdk.utils.AttributeMap;

/**
 * Opens object stores as the request names them; the credentials are resolved at that moment and
 * kept by the client alone.
 *
 * <p>Without an access key the client looks for credentials where AWS' own tools do (environment,
 * profile, instance role). With an endpoint, buckets are addressed by path, and neither checksum
 * trailers nor chunked signatures are sent, which servers other than AWS' often refuse.
 */
public final class ObjectStores {

  private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(5);

  /** How long a server may be silent in the middle of an answer. */
  public static final Duration SILENCE_TIMEOUT = Duration.ofSeconds(30);

  private static final int FEW_CONNECTIONS = 4;

  /** More ranges of a bucket than that, listed at a time, are a burden on the shared server. */
  public static final int MOST_LISTINGS = 16;

  private static final Limits TO_TIDY_UP =
      new Limits(1, Duration.ofSeconds(2), Duration.ofSeconds(3), Duration.ofSeconds(4));

  private final SecretResolver secrets;

  public ObjectStores(SecretResolver secrets) {
    this.secrets = secrets;
  }

  /**
   * Opens both sides of a tenant's objects, each with a connection for every object that is worked
   * on, and for every range that is listed, at the same time.
   *
   * @param monitor ends what waits for an answer when the work must stop
   * @throws MigrationException where a secret is missing or an endpoint is no address
   */
  public TenantObjects openBoth(ObjectStorageSpec spec, ProgressMonitor monitor) {
    return openBoth(spec, () -> {}, monitor);
  }

  /**
   * The same for who may lose the right to write.
   *
   * @param right asked right before each request is sent that changes something on the target, and
   *     before each repetition of one; what it throws, the caller of the request is thrown
   */
  public TenantObjects openBoth(ObjectStorageSpec spec, Runnable right, ProgressMonitor monitor) {
    int connections = spec.concurrency() + MOST_LISTINGS + FEW_CONNECTIONS;
    ObjectStore source = open(spec.source(), connections, () -> {}, monitor);
    try {
      return new TenantObjects(source, open(spec.target(), connections, right, monitor));
    } catch (RuntimeException e) {
      source.close();
      throw e;
    }
  }

  /**
   * Opens one place for a handful of requests.
   *
   * @param monitor ends what waits for an answer when the work must stop
   */
  public ObjectStore open(Location location, ProgressMonitor monitor) {
    return open(location, FEW_CONNECTIONS, () -> {}, monitor);
  }

  /**
   * Opens one place to give back what was begun there, also after a cancel; each call ends within
   * seconds, whatever the server does.
   */
  public ObjectStore openToTidyUp(Location location) {
    return open(location, TO_TIDY_UP, () -> {}, ProgressMonitor.unmonitored());
  }

  private ObjectStore open(
      Location location, int connections, Runnable right, ProgressMonitor monitor) {
    String server = "%s of %s".formatted(location.bucket(), location.endpoint());
    monitor.askForAnswer(server, () -> requireAnswer(location));
    return open(
        location, new Limits(connections, CONNECT_TIMEOUT, SILENCE_TIMEOUT, null), right, monitor);
  }

  private void requireAnswer(Location location) {
    try (ObjectStore asked = openToTidyUp(location)) {
      var unused = asked.look();
    }
  }

  /**
   * What a client may use.
   *
   * @param call how long one call may take with all its tries; {@code null} for no limit
   */
  private record Limits(
      int connections, Duration connect, Duration silence, @Nullable Duration call) {}

  private ObjectStore open(
      Location location, Limits limits, Runnable right, ProgressMonitor monitor) {
    if (location.endpoint() != null) {
      secrets.hosts().requireAll(location.endpoint());
    }
    TrustManagerFactory trust = trust(location);
    S3ClientBuilder builder =
        S3Client.builder()
            .region(Region.of(location.region()))
            .credentialsProvider(credentials(location))
            .httpClientBuilder(defaults -> httpClient(limits, trust, defaults))
            .requestChecksumCalculation(RequestChecksumCalculation.WHEN_REQUIRED)
            .responseChecksumValidation(ResponseChecksumValidation.WHEN_REQUIRED);
    Duration call = limits.call();
    builder.overrideConfiguration(
        settings -> {
          settings.addExecutionInterceptor(new RightBeforeWrites(right));
          settings.retryStrategy(retry -> retry.retryOnException(S3Errors::saysArrivedDamaged));
          if (call != null) {
            settings.apiCallTimeout(call);
          }
        });
    String endpoint = location.endpoint();
    if (endpoint != null) {
      builder
          .endpointOverride(address(endpoint))
          .serviceConfiguration(
              settings -> settings.pathStyleAccessEnabled(true).chunkedEncodingEnabled(false));
    }
    return new ObjectStore(builder.build(), location, monitor);
  }

  private @Nullable TrustManagerFactory trust(Location location) {
    String caFile = location.caFile();
    return caFile == null ? null : CaFile.trust(secrets, caFile);
  }

  private static SdkHttpClient httpClient(
      Limits limits, @Nullable TrustManagerFactory trust, AttributeMap defaults) {
    Apache5HttpClient.Builder usual =
        Apache5HttpClient.builder()
            .maxConnections(limits.connections())
            .connectionTimeout(limits.connect())
            .socketTimeout(limits.silence())
            .tcpKeepAlive(true);
    if (trust != null) {
      usual.tlsTrustManagersProvider(trust::getTrustManagers);
    }
    return new Utf8HeaderClient(
        usual.buildWithDefaults(defaults),
        limits.connections(),
        limits.connect(),
        limits.silence(),
        trust);
  }

  private AwsCredentialsProvider credentials(Location location) {
    String accessKey = location.accessKey();
    String secretKey = location.secretKey();
    if (accessKey == null || secretKey == null) {
      return new NotedCredentials(DefaultCredentialsProvider.builder().build());
    }
    return StaticCredentialsProvider.create(
        AwsBasicCredentials.create(secrets.resolve(accessKey), secrets.resolve(secretKey)));
  }

  private static URI address(String endpoint) {
    URI address = parse(endpoint);
    if (address == null || address.getScheme() == null || address.getHost() == null) {
      throw new MigrationException(
          FailureType.BAD_REQUEST,
          "The object storage endpoint is not a valid address. Write it as https://host or"
              + " https://host:port.");
    }
    return address;
  }

  private static @Nullable URI parse(String endpoint) {
    try {
      return URI.create(endpoint);
    } catch (IllegalArgumentException e) {
      return null;
    }
  }
}

package com.matih.tenantmigration.starter;

import com.matih.tenantmigration.workflow.encryption.PayloadEncryption;
import com.matih.tenantmigration.workflow.encryption.PayloadEncryptionException;
import io.grpc.StatusRuntimeException;
import io.temporal.client.WorkflowClient;
import io.temporal.client.WorkflowClientOptions;
import io.temporal.envconfig.ClientConfigProfile;
import io.temporal.envconfig.LoadClientConfigProfileOptions;
import io.temporal.serviceclient.WorkflowServiceStubs;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A connection to the Temporal that the standard {@code TEMPORAL_*} variables describe. */
public final class TemporalService implements AutoCloseable {

  private static final Logger log = LoggerFactory.getLogger(TemporalService.class);
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  private final WorkflowServiceStubs service;
  private final WorkflowClient client;

  private TemporalService(WorkflowServiceStubs service, WorkflowClient client) {
    this.service = service;
    this.client = client;
  }

  /**
   * Connects.
   *
   * @param environment the variables: {@code TEMPORAL_ADDRESS}, {@code TEMPORAL_NAMESPACE}, {@code
   *     TEMPORAL_TLS…}, {@code TEMPORAL_API_KEY}, {@code TEMPORAL_CONFIG_FILE} …, and {@code
   *     TENANT_MIGRATION_PAYLOAD_KEYS}, without which nothing is encrypted
   * @throws UnreachableException where nothing answers within ten seconds
   * @throws MissingSettingException where no address is set, or it is none
   * @throws PayloadEncryptionException where a key of the encryption cannot be used
   */
  public static TemporalService connect(Map<String, String> environment) {
    return connect(environment, PATIENCE);
  }

  /** Connects, as {@link #connect(Map)} does, with a patience of the caller's own. */
  public static TemporalService connect(Map<String, String> environment, Duration patience) {
    PayloadEncryption encryption = PayloadEncryption.of(environment);
    ClientConfigProfile profile = load(environment);
    if (address(environment).isEmpty()) {
      throw new MissingSettingException(
          "TEMPORAL_ADDRESS is not set. Set it to Temporal's host and port, such as host:7233.");
    }
    WorkflowServiceStubs service = open(profile, environment);
    try {
      service.connect(patience);
    } catch (StatusRuntimeException e) {
      service.shutdownNow();
      throw new UnreachableException(
          ("Cannot connect to Temporal at %s (%s). Check that it is running and that"
                  + " TEMPORAL_ADDRESS is correct.")
              .formatted(profile.getAddress(), e.getStatus().getCode()),
          e);
    }
    WorkflowClientOptions options =
        WorkflowClientOptions.newBuilder(profile.toWorkflowClientOptions())
            .setDataConverter(encryption.dataConverter())
            .build();
    return new TemporalService(service, WorkflowClient.newInstance(service, options));
  }

  private static WorkflowServiceStubs open(
      ClientConfigProfile profile, Map<String, String> environment) {
    try {
      return WorkflowServiceStubs.newServiceStubs(profile.toWorkflowServiceStubsOptions());
    } catch (IllegalArgumentException e) {
      log.debug("an address that is none", e);
      throw new MissingSettingException(
          ("%s is '%s', which is not a host and port. Set it to Temporal's host and port without"
                  + " http:// or https://, such as host:7233; TEMPORAL_TLS=true turns TLS on.")
              .formatted(
                  environment.containsKey("TEMPORAL_ADDRESS")
                      ? "TEMPORAL_ADDRESS"
                      : "The address in Temporal's configuration file",
                  withoutUser(String.valueOf(profile.getAddress()))));
    }
  }

  /** What stands before an at sign may be a password. */
  private static String withoutUser(String address) {
    return address.replaceFirst("^([a-z]+://)?.*@", "$1");
  }

  /** The address that the variables, or the profile that they choose, name. */
  public static Optional<String> address(Map<String, String> environment) {
    return Optional.ofNullable(load(environment).getAddress()).filter(text -> !text.isBlank());
  }

  private static ClientConfigProfile load(Map<String, String> environment) {
    try {
      ClientConfigProfile profile =
          ClientConfigProfile.load(
              LoadClientConfigProfileOptions.newBuilder().setEnvOverrides(environment).build());
      String key = profile.getApiKey();
      // gRPC would leave out, and log, a header with the line break that ends a file
      return key == null ? profile : profile.toBuilder().setApiKey(key.strip()).build();
    } catch (IOException e) {
      log.debug("Temporal's configuration file", e);
      throw new MissingSettingException(
          "Temporal's configuration file cannot be read. Check TEMPORAL_CONFIG_FILE.");
    }
  }

  public WorkflowClient client() {
    return client;
  }

  @Override
  public void close() {
    service.shutdown();
    service.awaitTermination(1, TimeUnit.SECONDS);
    service.shutdownNow();
  }
}

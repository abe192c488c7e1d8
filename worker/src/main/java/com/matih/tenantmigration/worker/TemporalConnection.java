package com.matih.tenantmigration.worker;

import com.matih.tenantmigration.activities.secrets.ResolvedSecrets;
import com.matih.tenantmigration.worker.WorkerConfiguration.TemporalService;
import com.matih.tenantmigration.workflow.FailureType;
import com.matih.tenantmigration.workflow.MigrationException;
import com.matih.tenantmigration.workflow.encryption.PayloadEncryption;
import com.uber.m3.tally.Scope;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.temporal.client.WorkflowClient;
import io.temporal.client.WorkflowClientOptions;
import io.temporal.envconfig.ClientConfigProfile;
import io.temporal.envconfig.LoadClientConfigProfileOptions;
import io.temporal.serviceclient.WorkflowServiceStubs;
import io.temporal.serviceclient.WorkflowServiceStubsOptions;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** The worker's connection to Temporal, as Temporal's own environment variables describe it. */
final class TemporalConnection implements AutoCloseable {

  private static final Duration PATIENCE = Duration.ofSeconds(15);

  private final WorkflowServiceStubs service;
  private final WorkflowClient client;

  private TemporalConnection(WorkflowServiceStubs service, WorkflowClient client) {
    this.service = service;
    this.client = client;
  }

  /**
   * Connects.
   *
   * @param metrics where the SDK reports its metrics
   * @param environment the variables {@code TEMPORAL_…}, and the keys of the encryption
   * @throws MigrationException of type STORE_UNREACHABLE where nothing answers within 15 seconds
   */
  static TemporalConnection open(
      TemporalService configuration, Scope metrics, Map<String, String> environment) {
    ClientConfigProfile profile = profile(configuration, environment);
    WorkflowServiceStubsOptions options =
        WorkflowServiceStubsOptions.newBuilder(profile.toWorkflowServiceStubsOptions())
            .setMetricsScope(metrics)
            .build();
    WorkflowServiceStubs service = stubs(options);
    try {
      service.connect(PATIENCE);
    } catch (StatusRuntimeException e) {
      service.shutdownNow();
      throw new MigrationException(
          FailureType.STORE_UNREACHABLE,
          ("Cannot connect to Temporal at %s (%s). Check that it is running and that"
                      + " temporal.address, or")
                  .formatted(options.getTarget(), e.getStatus().getCode())
              + " TEMPORAL_ADDRESS, is correct.",
          e);
    }
    WorkflowClientOptions clientOptions =
        WorkflowClientOptions.newBuilder(profile.toWorkflowClientOptions())
            .setDataConverter(PayloadEncryption.of(environment).dataConverter())
            .build();
    return new TemporalConnection(service, WorkflowClient.newInstance(service, clientOptions));
  }

  private static WorkflowServiceStubs stubs(WorkflowServiceStubsOptions options) {
    try {
      return WorkflowServiceStubs.newServiceStubs(options);
    } catch (IllegalArgumentException e) {
      throw new MigrationException(
          FailureType.BAD_REQUEST,
          ("Temporal's address '%s' is not a host and port. Set temporal.address or"
                  + " TEMPORAL_ADDRESS to them without http:// or https://, such as host:7233;"
                  + " TEMPORAL_TLS=true turns TLS on.")
              // what is before an at sign may be a password
              .formatted(options.getTarget().replaceFirst("^([a-z]+://)?.*@", "$1")),
          e);
    }
  }

  private static ClientConfigProfile profile(
      TemporalService configuration, Map<String, String> environment) {
    try {
      ClientConfigProfile.Builder profile =
          ClientConfigProfile.load(
              LoadClientConfigProfileOptions.newBuilder().setEnvOverrides(environment).build())
              .toBuilder();
      if (configuration.address() != null) {
        profile.setAddress(configuration.address());
      }
      if (configuration.namespace() != null) {
        profile.setNamespace(configuration.namespace());
      }
      String key = profile.build().getApiKey();
      if (key != null) {
        // gRPC would leave out, and log, a header with the line break that ends a file
        profile.setApiKey(key.strip());
        ResolvedSecrets.note(key.strip());
      }
      return profile.build();
    } catch (IOException e) {
      throw new MigrationException(
          FailureType.BAD_REQUEST,
          "Temporal's configuration file cannot be read. Check TEMPORAL_CONFIG_FILE.",
          e);
    }
  }

  WorkflowClient client() {
    return client;
  }

  /** What a refusal to let this worker poll means, for an operator. */
  MigrationException refused(StatusRuntimeException refusal) {
    String address = service.getOptions().getTarget();
    String namespace = client.getOptions().getNamespace();
    Status.Code code = refusal.getStatus().getCode();
    if (code == Status.Code.NOT_FOUND) {
      return new MigrationException(
          FailureType.BAD_REQUEST,
          "Temporal at %s has no namespace '%s'. Create it, or name another one by"
                  .formatted(address, namespace)
              + " temporal.namespace or TEMPORAL_NAMESPACE.",
          refusal);
    }
    if (code == Status.Code.PERMISSION_DENIED || code == Status.Code.UNAUTHENTICATED) {
      return new MigrationException(
          FailureType.PERMISSION_DENIED,
          "Temporal at %s denies this worker access to namespace '%s' (%s). Check"
                  .formatted(address, namespace, code)
              + " TEMPORAL_API_KEY, or the client's certificate, and the namespace.",
          refusal);
    }
    return new MigrationException(
        FailureType.STORE_UNREACHABLE,
        "Temporal at %s does not answer for namespace '%s' (%s). Check its health."
            .formatted(address, namespace, code),
        refusal);
  }

  /** Whether Temporal says that it serves. */
  boolean isHealthy() {
    try {
      var unused = service.healthCheck();
      return true;
    } catch (StatusRuntimeException e) {
      return false;
    }
  }

  @Override
  public void close() {
    service.shutdown();
    service.awaitTermination(1, TimeUnit.SECONDS);
    service.shutdownNow();
  }
}

package com.matih.tenantmigration.worker;

import com.matih.tenantmigration.activities.secrets.SecretResolver;
import com.matih.tenantmigration.controlplane.ControlPlane;
import com.matih.tenantmigration.worker.WorkerConfiguration.ControlPlaneDatabase;
import com.matih.tenantmigration.worker.WorkerConfiguration.Versioning;
import com.matih.tenantmigration.worker.metrics.MigrationMetrics;
import com.matih.tenantmigration.workflow.MigrationException;
import com.matih.tenantmigration.workflow.TemporalNames;
import com.matih.tenantmigration.workflow.encryption.PayloadEncryption;
import com.matih.tenantmigration.workflow.encryption.PayloadEncryptionException;
import com.matih.tenantmigration.workflow.migration.TenantMigrationPlanWorkflowImpl;
import com.matih.tenantmigration.workflow.migration.TenantMigrationRepairWorkflowImpl;
import com.matih.tenantmigration.workflow.migration.TenantMigrationWorkflowImpl;
import io.grpc.StatusRuntimeException;
import io.temporal.common.VersioningBehavior;
import io.temporal.common.WorkerDeploymentVersion;
import io.temporal.common.interceptors.WorkerInterceptor;
import io.temporal.worker.Worker;
import io.temporal.worker.WorkerDeploymentOptions;
import io.temporal.worker.WorkerFactory;
import io.temporal.worker.WorkerFactoryOptions;
import io.temporal.worker.WorkerOptions;
import io.temporal.worker.WorkflowImplementationOptions;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A running worker: it takes decisions and activities from Temporal, serves metrics and health, and
 * on {@link #close} gives back what it has not finished, so that another worker takes it over.
 */
public final class WorkerProcess implements AutoCloseable {

  private static final Logger log = LoggerFactory.getLogger(WorkerProcess.class);

  /** A busy machine may load a workflow's classes for longer than the SDK's one second. */
  private static final Duration DEADLOCK_SUSPICION = Duration.ofSeconds(20);

  /**
   * A heartbeat tells where to go on from: what is held back longer is lost with the process. And
   * by its answer an activity learns that an operator wants it to stop.
   */
  private static final Duration HEARTBEAT_THROTTLE = Duration.ofMillis(500);

  private static final String FOLLOWING_TASK_QUEUE =
      TemporalNames.followingTaskQueue(TemporalNames.TASK_QUEUE);
  private static final String BULK_TASK_QUEUE =
      TemporalNames.bulkTaskQueue(TemporalNames.TASK_QUEUE);

  private final Duration shutdownGrace;
  private final ControlPlane controlPlane;
  private final TemporalConnection temporal;
  private final WorkerFactory factory;
  private final HealthServer health;
  private final Deque<AutoCloseable> opened;
  private final AtomicBoolean stopping = new AtomicBoolean();

  private WorkerProcess(
      WorkerConfiguration configuration,
      Map<String, String> environment,
      List<? extends WorkerInterceptor> interceptors,
      Deque<AutoCloseable> opened) {
    this.opened = opened;
    this.shutdownGrace = configuration.shutdownGrace();
    SecretResolver secrets =
        new SecretResolver(
            environment::get,
            configuration.references().allowed(),
            configuration.hosts().allowed());
    keepFromRequests(PayloadEncryption.of(environment), secrets);
    controlPlane = open(configuration.controlPlane(), environment);
    opened.push(controlPlane);
    controlPlane.upgrade();
    Metrics metrics = new Metrics();
    opened.push(metrics);
    MigrationMetrics migrations = new MigrationMetrics(metrics.registry(), controlPlane);
    opened.push(migrations);
    temporal = TemporalConnection.open(configuration.temporal(), metrics.scope(), environment);
    opened.push(temporal);
    factory =
        WorkerFactory.newInstance(
            temporal.client(),
            WorkerFactoryOptions.newBuilder()
                .setWorkerInterceptors(
                    withFirst(
                        migrations.activities(),
                        new EndedMigrations(controlPlane.migrations()),
                        interceptors))
                .build());
    Object[] activities =
        ActivitySet.of(controlPlane, secrets, migrations.records(), configuration.queryRole());
    Worker worker =
        factory.newWorker(
            TemporalNames.TASK_QUEUE, options(configuration, configuration.limits().activities()));
    worker.registerWorkflowImplementationTypes(
        TenantMigrationWorkflowImpl.class, TenantMigrationRepairWorkflowImpl.class);
    worker.registerWorkflowImplementationTypes(
        // a plan changes nothing: one that cannot be read ends at once, and says why
        WorkflowImplementationOptions.newBuilder()
            .setFailWorkflowExceptionTypes(PayloadEncryptionException.class)
            .build(),
        TenantMigrationPlanWorkflowImpl.class);
    worker.registerActivitiesImplementations(activities);
    factory
        .newWorker(BULK_TASK_QUEUE, options(configuration, configuration.limits().bulkActivities()))
        .registerActivitiesImplementations(activities);
    factory
        .newWorker(
            FOLLOWING_TASK_QUEUE,
            WorkerOptions.newBuilder(
                    options(configuration, configuration.limits().followingActivities()))
                // what runs for hours or days begins seldom
                .setMaxConcurrentActivityTaskPollers(1)
                .build())
        .registerActivitiesImplementations(activities);
    health = HealthServer.start(configuration.http(), metrics::scrape, this::obstacle);
    opened.push(health);
    try {
      // the first to ask Temporal for the namespace
      factory.start();
    } catch (StatusRuntimeException e) {
      throw temporal.refused(e);
    }
  }

  /**
   * Starts a worker in the process' environment.
   *
   * @throws MigrationException where the control plane or Temporal cannot be reached, or Temporal
   *     does not let it poll; nothing of the worker is left then
   */
  public static WorkerProcess start(WorkerConfiguration configuration) {
    return start(configuration, System.getenv(), List.of());
  }

  /**
   * Starts a worker.
   *
   * @param environment the variables that lead to Temporal, and those that secret references name
   * @param interceptors see all that the worker does, in the given order
   * @throws MigrationException where the control plane or Temporal cannot be reached, or Temporal
   *     does not let it poll; nothing of the worker is left then
   */
  public static WorkerProcess start(
      WorkerConfiguration configuration,
      Map<String, String> environment,
      List<? extends WorkerInterceptor> interceptors) {
    Deque<AutoCloseable> opened = new ArrayDeque<>();
    try {
      WorkerProcess process = new WorkerProcess(configuration, environment, interceptors, opened);
      log.info(
          "polling task queues {}, {} and {}; metrics and health at {}",
          TemporalNames.TASK_QUEUE,
          BULK_TASK_QUEUE,
          FOLLOWING_TASK_QUEUE,
          process.address());
      return process;
    } catch (RuntimeException e) {
      closeAll(opened);
      throw e;
    }
  }

  private static WorkerInterceptor[] withFirst(
      WorkerInterceptor first, WorkerInterceptor second, List<? extends WorkerInterceptor> others) {
    return Stream.concat(Stream.of(first, second), others.stream())
        .toArray(WorkerInterceptor[]::new);
  }

  /** A request that may name a key can have it sent to any host that it names. */
  private static void keepFromRequests(PayloadEncryption encryption, SecretResolver requests) {
    for (String reference : encryption.references()) {
      try {
        var unused = requests.resolve(reference);
      } catch (MigrationException e) {
        continue;
      }
      throw new PayloadEncryptionException(
          ("Requests may refer to %s, which is a key of the payload encryption. Use another"
                  + " variable or folder for it, or narrow references in the worker's"
                  + " configuration.")
              .formatted(reference));
    }
  }

  /** What the operator's own file refers to is not bound by what requests may refer to. */
  private static ControlPlane open(ControlPlaneDatabase database, Map<String, String> environment) {
    SecretResolver secrets = SecretResolver.ofOperator(environment::get);
    return ControlPlane.open(
        database.url(), database.user(), secrets.resolveOptional(database.password()));
  }

  /** What both workers of the process have alike, the release above all. */
  private static WorkerOptions options(WorkerConfiguration configuration, int activities) {
    WorkerOptions.Builder options =
        WorkerOptions.newBuilder()
            .setMaxConcurrentActivityExecutionSize(activities)
            .setMaxConcurrentWorkflowTaskExecutionSize(configuration.limits().workflowTasks())
            .setDefaultDeadlockDetectionTimeout(DEADLOCK_SUSPICION.toMillis())
            .setMaxHeartbeatThrottleInterval(HEARTBEAT_THROTTLE)
            .setDefaultHeartbeatThrottleInterval(HEARTBEAT_THROTTLE);
    Versioning versioning = configuration.versioning();
    if (versioning != null) {
      options.setDeploymentOptions(release(versioning));
    }
    return options.build();
  }

  /** A migration stays with the release that began it, so that no other has to follow its steps. */
  private static WorkerDeploymentOptions release(Versioning versioning) {
    return WorkerDeploymentOptions.newBuilder()
        .setUseVersioning(true)
        .setVersion(new WorkerDeploymentVersion(versioning.deployment(), versioning.buildId()))
        .setDefaultVersioningBehavior(VersioningBehavior.PINNED)
        .build();
  }

  /** Where metrics and health are served: {@code http://host:port}. */
  public URI address() {
    return URI.create("http://%s:%d".formatted(health.host(), health.port()));
  }

  /** Whether the worker can take work: it polls, and Temporal and the control plane answer. */
  public boolean isReady() {
    return obstacle().isEmpty();
  }

  /** Why the worker cannot take work, or an empty text. */
  private String obstacle() {
    if (stopping.get()) {
      return "the worker is shutting down";
    }
    if (!factory.isStarted() || factory.isShutdown()) {
      return "the worker does not poll yet";
    }
    if (!temporal.isHealthy()) {
      return "Temporal does not answer";
    }
    return controlPlane.isReachable() ? "" : "the control plane's database does not answer";
  }

  /**
   * Stops polling, has running activities stop and hands them back, and waits for that at most as
   * long as the configuration's shutdown grace.
   */
  @Override
  public void close() {
    if (!stopping.compareAndSet(false, true)) {
      return;
    }
    log.info("stopping; another worker continues unfinished work");
    factory.shutdown();
    factory.awaitTermination(shutdownGrace.toMillis(), TimeUnit.MILLISECONDS);
    if (!factory.isTerminated()) {
      log.warn("work did not stop within {}; interrupting it", shutdownGrace);
      factory.shutdownNow();
      factory.awaitTermination(1, TimeUnit.SECONDS);
    }
    closeAll(opened);
    log.info("the worker has stopped");
  }

  private static void closeAll(Deque<AutoCloseable> opened) {
    while (!opened.isEmpty()) {
      try {
        opened.pop().close();
      } catch (Exception e) {
        log.warn("a part of the worker failed to close", e);
      }
    }
  }
}

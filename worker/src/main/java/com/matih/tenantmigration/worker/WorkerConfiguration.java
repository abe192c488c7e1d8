package com.matih.tenantmigration.worker;

import com.fasterxml.jackson.databind.annotation.JsonDeserialize;
import com.matih.tenantmigration.activities.secrets.AllowedHosts;
import com.matih.tenantmigration.activities.secrets.AllowedReferences;
import com.matih.tenantmigration.workflow.request.ShortDuration;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * All settings of a worker process. What a file leaves out gets its default here.
 *
 * @param controlPlane the database in which the platform remembers; required
 * @param shutdownGrace how long running activities may take to stop; 30 seconds when left out
 * @param references what requests may refer to
 * @param hosts which hosts requests may name
 * @param versioning which release this worker is; Worker Versioning is off when left out
 * @param queryRole a role of PostgreSQL that both servers know and that the requests' users may
 *     take, in which a request's queries run; the request's user itself when left out
 */
public record WorkerConfiguration(
    TemporalService temporal,
    ControlPlaneDatabase controlPlane,
    Http http,
    Limits limits,
    @JsonDeserialize(using = ShortDuration.Deserializer.class) Duration shutdownGrace,
    Logging logging,
    References references,
    Hosts hosts,
    @Nullable Versioning versioning,
    @Nullable String queryRole) {

  public static final Duration DEFAULT_SHUTDOWN_GRACE = Duration.ofSeconds(30);

  @SuppressWarnings("ConstantValue") // Jackson hands over null for what the file leaves out
  public WorkerConfiguration {
    temporal = temporal == null ? new TemporalService(null, null) : temporal;
    http = http == null ? new Http(null, null) : http;
    limits = limits == null ? new Limits(null, null, null, null) : limits;
    shutdownGrace = shutdownGrace == null ? DEFAULT_SHUTDOWN_GRACE : shutdownGrace;
    logging = logging == null ? new Logging(null, null) : logging;
    references = references == null ? new References(null, null) : references;
    hosts = hosts == null ? new Hosts(null, null) : hosts;
  }

  /**
   * Where Temporal is. What is left out comes from the {@code TEMPORAL_*} variables and Temporal's
   * own configuration file, TLS and API key always do.
   *
   * @param address host and port of its gRPC interface
   */
  public record TemporalService(@Nullable String address, @Nullable String namespace) {}

  /**
   * The control plane's database.
   *
   * @param url a JDBC URL of PostgreSQL without credentials
   * @param password a secret reference
   */
  public record ControlPlaneDatabase(String url, String user, @Nullable String password) {}

  /**
   * Where metrics and health are served.
   *
   * @param address the address to listen on; loopback when left out
   * @param port the port; 9464 when left out, 0 for any free one
   */
  public record Http(String address, Integer port) {

    public static final String DEFAULT_ADDRESS = "127.0.0.1";
    public static final int DEFAULT_PORT = 9464;

    public Http(@Nullable String address, @Nullable Integer port) {
      this.address = address == null ? DEFAULT_ADDRESS : address;
      this.port = port == null ? DEFAULT_PORT : port;
    }
  }

  /**
   * How much one worker does at the same time.
   *
   * @param activities short activities of all migrations together, such as fences and rollbacks; 32
   *     when left out
   * @param bulkActivities copies and checks of all migrations together; two for each processor when
   *     left out, but 4 at least, one for each store of a migration, and 8 at most, for which a
   *     heap of 512 MB is enough
   * @param followingActivities what follows tenants that work, up to five for each; 60 when left
   *     out
   * @param workflowTasks decisions of all workflows together; 16 when left out
   */
  public record Limits(
      Integer activities,
      Integer bulkActivities,
      Integer followingActivities,
      Integer workflowTasks) {

    public static final int DEFAULT_ACTIVITIES = 32;
    public static final int DEFAULT_FOLLOWING_ACTIVITIES = 60;
    public static final int DEFAULT_WORKFLOW_TASKS = 16;

    public Limits(
        @Nullable Integer activities,
        @Nullable Integer bulkActivities,
        @Nullable Integer followingActivities,
        @Nullable Integer workflowTasks) {
      this.activities = activities == null ? DEFAULT_ACTIVITIES : activities;
      this.bulkActivities =
          bulkActivities == null
              ? defaultBulkActivities(Runtime.getRuntime().availableProcessors())
              : bulkActivities;
      this.followingActivities =
          followingActivities == null ? DEFAULT_FOLLOWING_ACTIVITIES : followingActivities;
      this.workflowTasks = workflowTasks == null ? DEFAULT_WORKFLOW_TASKS : workflowTasks;
    }

    /**
     * More at once than the processors can serve moves nothing faster, and has decisions and
     * answers wait for the processor.
     */
    static int defaultBulkActivities(int processors) {
      return Math.max(4, Math.min(2 * processors, 8));
    }
  }

  /**
   * How the worker logs.
   *
   * @param format what {@code LOG_FORMAT} says when left out, plain without it
   * @param level the level of the root logger; {@code INFO} when left out
   */
  public record Logging(@Nullable LogFormat format, LogLevel level) {
    public Logging(@Nullable LogFormat format, @Nullable LogLevel level) {
      this.format = format;
      this.level = level == null ? LogLevel.INFO : level;
    }
  }

  /**
   * What requests may refer to. Each list that is given stands in the place of its default.
   *
   * @param variables names of variables, and beginnings of names with a {@code *} behind; {@code
   *     TENANT_MIGRATION_SECRET_*} when left out
   * @param folders absolute paths of folders, for files with secrets and with certificates; {@code
   *     /run/secrets/tenant-migration} when left out
   */
  public record References(List<String> variables, List<String> folders) {
    public References(@Nullable List<String> variables, @Nullable List<String> folders) {
      this.variables =
          variables == null ? AllowedReferences.DEFAULT.variables() : List.copyOf(variables);
      this.folders = folders == null ? AllowedReferences.DEFAULT.folders() : List.copyOf(folders);
    }

    AllowedReferences allowed() {
      return new AllowedReferences(variables, folders);
    }
  }

  /**
   * Which hosts requests may name, for stores and endpoints. An entry is a name, {@code *.domain},
   * an address or a network such as {@code 10.0.0.0/8}.
   *
   * @param allow where it names anything, nothing else is allowed; everything when left out but
   *     link-local, unspecified and multicast addresses and those of clouds' metadata, which are
   *     allowed only where an address or a network here names them
   * @param deny what is refused besides; nothing when left out
   */
  public record Hosts(List<String> allow, List<String> deny) {
    public Hosts(@Nullable List<String> allow, @Nullable List<String> deny) {
      this.allow = allow == null ? List.of() : List.copyOf(allow);
      this.deny = deny == null ? List.of() : List.copyOf(deny);
    }

    AllowedHosts allowed() {
      return new AllowedHosts(allow, deny);
    }
  }

  /**
   * Which release this worker is. With it on, a migration stays with the release that began it, and
   * new ones go to the release that Temporal has been told is current.
   *
   * @param deployment the name of all releases together, such as {@code tenant-migration}
   * @param buildId the release
   */
  public record Versioning(String deployment, String buildId) {}
}

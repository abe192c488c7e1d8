package com.matih.tenantmigration.starter.cli.base;

import com.matih.tenantmigration.controlplane.ControlPlane;
import com.matih.tenantmigration.controlplane.MigrationRecord;
import com.matih.tenantmigration.starter.MissingSettingException;
import com.matih.tenantmigration.starter.TemporalService;
import com.matih.tenantmigration.starter.TenantMigrations;
import com.matih.tenantmigration.starter.UnreachableException;
import com.matih.tenantmigration.starter.state.EndedFromOutside;
import com.matih.tenantmigration.starter.state.LiveMigration;
import com.matih.tenantmigration.workflow.Outcome;
import com.matih.tenantmigration.workflow.encryption.PayloadEncryptionException;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.logging.Level;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What one command needs, opened when it needs it and closed with the command. */
public final class Connections implements AutoCloseable {

  private static final Logger log = LoggerFactory.getLogger(Connections.class);

  /**
   * The connection's own log prints stack traces of what a command tells in a sentence. Held here,
   * for a level goes with its logger.
   */
  private static final java.util.logging.Logger GRPC =
      java.util.logging.Logger.getLogger("io.grpc");

  /** How long a command that can do without Temporal waits for it. */
  private static final Duration GLANCE = Duration.ofSeconds(2);

  private final Map<String, String> environment;
  private @Nullable ControlPlane controlPlane;
  private @Nullable TemporalService temporal;
  private @Nullable String temporalSilence;

  public Connections(Map<String, String> environment) {
    this.environment = environment;
    GRPC.setLevel(Level.OFF);
  }

  /** The control plane that {@code CONTROL_PG_JDBC}, {@code …_USER} and {@code …_PASSWORD} name. */
  public ControlPlane controlPlane() {
    ControlPlane open = controlPlane;
    if (open == null) {
      open = openControlPlane();
      controlPlane = open;
    }
    return open;
  }

  private ControlPlane openControlPlane() {
    try {
      return ControlPlane.open(
          setting("CONTROL_PG_JDBC"),
          setting("CONTROL_PG_USER"),
          environment.get("CONTROL_PG_PASSWORD"));
    } catch (IllegalArgumentException e) {
      throw new MissingSettingException("CONTROL_PG_JDBC is invalid. " + e.getMessage());
    }
  }

  private String setting(String name) {
    String value = environment.get(name);
    if (value == null || value.isBlank()) {
      throw new MissingSettingException(
          ("%s is not set. The control plane needs CONTROL_PG_JDBC, CONTROL_PG_USER and"
                  + " CONTROL_PG_PASSWORD.")
              .formatted(name));
    }
    return value;
  }

  /** Temporal, for what needs no control plane. */
  public TemporalService temporal() {
    TemporalService open = temporal;
    if (open == null) {
      open = TemporalService.connect(environment);
      temporal = open;
    }
    return open;
  }

  /** Migrations as Temporal and the control plane know them. */
  public TenantMigrations migrations() {
    ControlPlane control = controlPlane();
    return new TenantMigrations(temporal().client(), control);
  }

  /**
   * How Temporal ended a migration from outside, for those who need no Temporal: empty where it did
   * not, and where Temporal {@link #temporalSilence does not tell}.
   */
  public Optional<EndedFromOutside> endedFromOutside(MigrationRecord record) {
    return glance(record, migrations -> migrations.endedFromOutside(record));
  }

  /**
   * How a migration stands that runs, for those who need no Temporal: empty where it does not, and
   * where Temporal {@link #temporalSilence does not tell}.
   */
  public Optional<LiveMigration> live(MigrationRecord record) {
    return glance(record, migrations -> migrations.look(record.tenantId()))
        .filter(
            live ->
                live.running()
                    && live.report() != null
                    && live.report().migrationId().equals(record.migrationId()));
  }

  private <T> Optional<T> glance(
      MigrationRecord record, Function<TenantMigrations, Optional<T>> look) {
    if (record.outcome() != Outcome.RUNNING || temporalSilence != null) {
      return Optional.empty();
    }
    try {
      if (temporal == null) {
        temporal = TemporalService.connect(environment, GLANCE);
      }
      return look.apply(migrations());
    } catch (UnreachableException | MissingSettingException | PayloadEncryptionException e) {
      log.debug("Temporal did not return the state of tenant {}", record.tenantId(), e);
      temporalSilence = e.getMessage();
      return Optional.empty();
    }
  }

  /** Why Temporal did not tell how migrations ended; once it does not, it is not asked again. */
  public Optional<String> temporalSilence() {
    return Optional.ofNullable(temporalSilence);
  }

  @Override
  public void close() {
    if (temporal != null) {
      temporal.close();
    }
    if (controlPlane != null) {
      controlPlane.close();
    }
  }
}

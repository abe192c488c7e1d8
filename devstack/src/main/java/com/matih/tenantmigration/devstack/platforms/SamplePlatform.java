package com.matih.tenantmigration.devstack.platforms;

import com.matih.tenantmigration.controlplane.ControlPlane;
import com.matih.tenantmigration.controlplane.TenantConfig;
import com.matih.tenantmigration.devstack.clusters.Databases;
import com.matih.tenantmigration.devstack.clusters.Side;
import com.matih.tenantmigration.devstack.clusters.Sides;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Locale;

/**
 * A platform with tenants in PostgreSQL alone, in a database of its own of the shared server: its
 * tables, as SQL, and a request that moves one tenant of it, as YAML, are resources named after it.
 */
public enum SamplePlatform {
  CRM("crm-acme"),
  HELPDESK("helpdesk-acme"),
  SHOP("shop-acme"),
  SCHOOL("school-hillside");

  private final String tenant;

  SamplePlatform(String tenant) {
    this.tenant = tenant;
  }

  /**
   * Loads all of them, tells the control plane of their tenants, and writes their requests.
   *
   * @param folder of the devstack
   * @param snapshots the folder in which the snapshots are to lie
   */
  public static void loadAll(Sides sides, ControlPlane controlPlane, Path folder, Path snapshots) {
    for (SamplePlatform platform : values()) {
      platform.load(sides.shared());
      controlPlane.tenantConfigs().add(platform.config(sides.shared()));
      try {
        Files.writeString(
            folder.resolve("requests/%s.yaml".formatted(platform.id())),
            platform.request(sides, snapshots));
      } catch (IOException e) {
        throw new UncheckedIOException("cannot write into " + folder, e);
      }
    }
  }

  /** What its resources, its database and its request are called. */
  private String id() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** Its database on the shared server. */
  private String database() {
    return "platform_" + id();
  }

  private void load(Side shared) {
    Databases.execute(shared, "postgres", "CREATE DATABASE " + database());
    Databases.execute(shared, database(), resource(".sql"));
  }

  /** The tenant that its request moves, as long as it is on the shared side. */
  private TenantConfig config(Side shared) {
    return new TenantConfig(
        tenant,
        "STARTER",
        TenantConfig.State.ACTIVE,
        shared.jdbcUrl(database()),
        null,
        null,
        null,
        null,
        1,
        Instant.now());
  }

  /**
   * A request that moves its tenant.
   *
   * @param snapshots the folder in which the snapshots are to lie
   */
  private String request(Sides sides, Path snapshots) {
    return resource(".yaml")
        .replace("@snapshots@", "file:" + snapshots.toAbsolutePath())
        .replace("@sharedJdbc@", sides.shared().jdbcUrl(database()))
        .replace("@sharedUser@", sides.shared().pgUser())
        .replace("@dedicatedJdbc@", sides.dedicated().jdbcUrl(tenant))
        .replace("@dedicatedUser@", sides.dedicated().pgUser());
  }

  private String resource(String extension) {
    try (InputStream resource = SamplePlatform.class.getResourceAsStream(id() + extension)) {
      return new String(resource.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read the platform " + id(), e);
    }
  }
}

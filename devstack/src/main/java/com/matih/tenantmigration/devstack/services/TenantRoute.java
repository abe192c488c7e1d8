package com.matih.tenantmigration.devstack.services;

import com.matih.tenantmigration.controlplane.TenantConfig;
import com.matih.tenantmigration.devstack.clusters.Side;
import com.matih.tenantmigration.devstack.clusters.Sides;
import com.matih.tenantmigration.devstack.sample.SampleDocuments;
import com.matih.tenantmigration.devstack.sample.SampleObjects;
import com.matih.tenantmigration.devstack.sample.SampleTenant;
import com.matih.tenantmigration.devstack.sample.SampleTopic;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Where one tenant's stores are by its configuration, and what its things are called there. */
public final class TenantRoute {

  private static final Pattern STORAGE = Pattern.compile("s3://([^/]+)/(.*)");

  private final SampleTenant tenant;
  private final TenantConfig config;
  private final boolean outdated;
  private final Sides sides;

  /**
   * @param outdated whether the configuration may have changed without our knowledge
   */
  TenantRoute(SampleTenant tenant, TenantConfig config, boolean outdated, Sides sides) {
    this.tenant = tenant;
    this.config = config;
    this.outdated = outdated;
    this.sides = sides;
  }

  public SampleTenant tenant() {
    return tenant;
  }

  /** The configuration itself. */
  public TenantConfig config() {
    return config;
  }

  /** Whether the tenant may write. */
  public boolean active() {
    return !outdated && config.state() == TenantConfig.State.ACTIVE;
  }

  /** Opens a connection to the tenant's database. */
  public TenantDatabase openDatabase() {
    String url = known(config.databaseUrl());
    return TenantDatabase.open(url, tenant, side(url.contains("//" + sides.dedicated().pgHost())));
  }

  /** The side whose object storage holds the tenant's objects. */
  public Side storageSide() {
    return side(!bucket().equals(SampleObjects.BUCKET));
  }

  public String bucket() {
    return storage().group(1);
  }

  /** An object's key in the bucket, from its name among the tenant's objects. */
  public String objectKey(String name) {
    return storage().group(2) + name;
  }

  public String kafkaBootstrap() {
    return known(config.kafkaBootstrap());
  }

  /** What the tenant's topic is called in its cluster. */
  public String topic(SampleTopic topic) {
    return kafkaBootstrap().equals(sides.dedicated().kafkaBootstrap())
        ? topic.dedicatedName(tenant)
        : topic.sharedName();
  }

  public String elasticsearchUrl() {
    return known(config.elasticsearchUrl());
  }

  /** What the tenant's index is called in its cluster. */
  public String index() {
    return elasticsearchUrl().equals(sides.dedicated().elasticsearchUrl())
        ? SampleDocuments.dedicatedIndex(tenant)
        : SampleDocuments.INDEX;
  }

  private Side side(boolean dedicated) {
    return dedicated ? sides.dedicated() : sides.shared();
  }

  private Matcher storage() {
    Matcher matcher = STORAGE.matcher(known(config.objectStorageUrl()));
    if (!matcher.matches()) {
      throw new IllegalStateException("not an address of objects: " + config.objectStorageUrl());
    }
    return matcher;
  }

  private static String known(@Nullable String address) {
    return Objects.requireNonNull(address, "the sample's tenants have all stores");
  }
}

package com.matih.tenantmigration.activities.objectstorage.client;

import com.matih.tenantmigration.activities.engine.ProgressMonitor;
import com.matih.tenantmigration.workflow.request.ObjectStorageSpec.Location;
import java.util.Iterator;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Both sides of a tenant's objects, and how the one's keys map to the other's: the source's prefix
 * is replaced by the target's.
 *
 * <p>A key that equals the source's prefix, which consoles create to show an empty folder, would
 * map to the empty key where the target has no prefix. It stands for the root, which needs no
 * object, and is no object of the tenant.
 */
public final class TenantObjects implements AutoCloseable {

  private final ObjectStore source;
  private final ObjectStore target;

  TenantObjects(ObjectStore source, ObjectStore target) {
    this.source = source;
    this.target = target;
  }

  public ObjectStore source() {
    return source;
  }

  public ObjectStore target() {
    return target;
  }

  /** Whether both sides are places of one server, as far as the request tells. */
  public boolean areOnOneServer() {
    Location here = source.location();
    Location there = target.location();
    return here.region().equals(there.region())
        && server(here.endpoint()).equals(server(there.endpoint()));
  }

  private static String server(@Nullable String endpoint) {
    return endpoint == null ? "" : endpoint.replaceFirst("/+$", "").toLowerCase(Locale.ROOT);
  }

  public String targetKey(ObjectEntry object) {
    return target.prefix() + object.name();
  }

  /** Whether the name is that of the tenant's root where the target has no object for it. */
  public boolean isFolderMarker(String name) {
    return name.isEmpty() && target.prefix().isEmpty();
  }

  /** The tenant's objects on the shared side. */
  public Iterator<ObjectEntry> listSource(ProgressMonitor monitor) {
    return sourceObjects(source, target.prefix(), monitor);
  }

  /** What lies below the target's prefix. */
  Iterator<ObjectEntry> listTarget(ProgressMonitor monitor) {
    return new ObjectListing(target, monitor);
  }

  /** Both sides, joined by name. */
  public ObjectPairs pairs(ProgressMonitor monitor) {
    return new ObjectPairs(listSource(monitor), listTarget(monitor));
  }

  /**
   * Both sides, joined by name, from a name on.
   *
   * @param after the name before the first one; {@code null} for all
   */
  public ObjectPairs pairs(@Nullable String after, ProgressMonitor monitor) {
    if (after == null) {
      return pairs(monitor);
    }
    KeyRange rest = new KeyRange(after, null);
    return new ObjectPairs(
        new ObjectListing(source, rest, monitor), new ObjectListing(target, rest, monitor));
  }

  static Iterator<ObjectEntry> sourceObjects(
      ObjectStore source, String targetPrefix, ProgressMonitor monitor) {
    ObjectListing all = new ObjectListing(source, monitor);
    return targetPrefix.isEmpty() ? new WithoutFolderMarker(all) : all;
  }

  @Override
  public void close() {
    source.close();
    target.close();
  }
}

package com.matih.tenantmigration.activities.objectstorage.plan;

import com.matih.tenantmigration.activities.engine.PlanNotes;
import com.matih.tenantmigration.activities.objectstorage.client.SnapshotLocation;
import com.matih.tenantmigration.workflow.StoreName;
import com.matih.tenantmigration.workflow.report.Refusal;
import com.matih.tenantmigration.workflow.request.ObjectStorageSpec;
import com.matih.tenantmigration.workflow.request.ObjectStorageSpec.Location;
import com.matih.tenantmigration.workflow.request.SnapshotSpec;
import java.net.URI;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Refuses source, target and snapshot locations of which one lies within another. */
final class PlacesApart {

  private PlacesApart() {}

  static void check(ObjectStorageSpec spec, SnapshotSpec snapshot, PlanNotes notes) {
    if (overlap(spec.source(), spec.target())) {
      notes.refuse(
          spec.target().uri(),
          "Source and target overlap in bucket %s of the same server."
              .formatted(spec.target().bucket()),
          "Name another bucket, or a prefix that is not within the other one.");
    }
    Location snapshots = SnapshotLocation.of(snapshot.location(), spec.source());
    if (snapshots == null) {
      return;
    }
    if (overlap(snapshots, spec.source()) || overlap(snapshots, spec.target())) {
      notes.refuse(
          new Refusal(
              StoreName.SNAPSHOT,
              snapshots.uri(),
              "The snapshot would be stored among the tenant's objects.",
              "Name a bucket or a prefix of its own."));
    }
  }

  private static boolean overlap(Location one, Location other) {
    return one.bucket().equals(other.bucket())
        && server(one.endpoint()).equals(server(other.endpoint()))
        && (one.prefix().startsWith(other.prefix()) || other.prefix().startsWith(one.prefix()));
  }

  /** Without an endpoint it is AWS, where a bucket's name is its own in all regions. */
  private static String server(@Nullable String endpoint) {
    if (endpoint == null) {
      return "";
    }
    try {
      URI address = URI.create(endpoint);
      int port = address.getPort() >= 0 ? address.getPort() : defaultPort(address.getScheme());
      return (address.getHost() + ":" + port).toLowerCase(Locale.ROOT);
    } catch (IllegalArgumentException e) {
      return endpoint; // refused where it is opened
    }
  }

  private static int defaultPort(@Nullable String scheme) {
    return "http".equalsIgnoreCase(scheme) ? 80 : 443;
  }
}

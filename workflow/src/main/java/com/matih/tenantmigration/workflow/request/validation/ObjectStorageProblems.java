package com.matih.tenantmigration.workflow.request.validation;

import com.matih.tenantmigration.workflow.request.MigrationRequest;
import com.matih.tenantmigration.workflow.request.ObjectStorageSpec;
import com.matih.tenantmigration.workflow.request.ObjectStorageSpec.Location;
import java.util.regex.Pattern;

/** What is wrong with a request's part for object storage. */
final class ObjectStorageProblems {

  private static final int MOST_CONCURRENT = 512;

  /** Wider than Amazon's rule, which not every server keeps to. */
  private static final Pattern BUCKET = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{1,254}");

  /** It becomes a part of a host's name where there is no endpoint. */
  private static final Pattern REGION = Pattern.compile("[A-Za-z0-9-]{1,63}");

  private ObjectStorageProblems() {}

  @SuppressWarnings("ConstantValue") // Jackson hands over null for what the file leaves out
  static void find(Problems problems, MigrationRequest request) {
    ObjectStorageSpec storage = request.objectStorage();
    if (storage == null) {
      return;
    }
    location(problems, storage.source(), "objectStorage.source");
    location(problems, storage.target(), "objectStorage.target");
    if (storage.source() != null && storage.target() != null) {
      problems.require(
          !overlap(storage.source(), storage.target()),
          "objectStorage.target",
          "overlaps the source",
          "Name a bucket, or a prefix, that neither contains the source nor is inside it.");
    }
    problems.range(storage.concurrency(), 1, MOST_CONCURRENT, "objectStorage.concurrency");
  }

  private static boolean overlap(Location source, Location target) {
    return source.bucket() != null
        && SamePlace.same(source.endpoint(), target.endpoint())
        && source.bucket().equals(target.bucket())
        && (source.prefix().startsWith(target.prefix())
            || target.prefix().startsWith(source.prefix()));
  }

  @SuppressWarnings("ConstantValue") // Jackson hands over null for what the file leaves out
  private static void location(Problems problems, Location location, String path) {
    if (!problems.present(location, path)) {
      return;
    }
    if (location.endpoint() != null) {
      Addresses.server(problems, location.endpoint(), path + ".endpoint", false);
    }
    if (problems.text(location.region(), path + ".region")) {
      problems.require(
          REGION.matcher(location.region()).matches(),
          path + ".region",
          "is not a region's name",
          "Write one such as eu-central-1.");
    }
    if (problems.text(location.bucket(), path + ".bucket")) {
      problems.require(
          BUCKET.matcher(location.bucket()).matches(),
          path + ".bucket",
          "is not a bucket's name",
          "Write only the name, without s3:// and without a path.");
    }
    Addresses.caFile(problems, location.caFile(), path + ".caFile", location.endpoint());
    problems.prefix(location.prefix(), path + ".prefix");
    Secrets.requireReference(problems, location.accessKey(), path + ".accessKey");
    Secrets.requireReference(problems, location.secretKey(), path + ".secretKey");
    problems.require(
        (location.accessKey() == null) == (location.secretKey() == null),
        path,
        "has only one of accessKey and secretKey",
        "Write both, or neither for the worker's own identity.");
  }
}

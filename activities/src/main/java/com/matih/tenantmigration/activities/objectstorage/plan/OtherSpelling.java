package com.matih.tenantmigration.activities.objectstorage.plan;

import com.matih.tenantmigration.activities.engine.KeySpelling;
import com.matih.tenantmigration.activities.engine.ProgressMonitor;
import com.matih.tenantmigration.activities.objectstorage.client.ObjectStore;
import java.util.Optional;
import software.amazon.awssdk.services.s3.model.CommonPrefix;
import software.amazon.awssdk.services.s3.model.EncodingType;
import software.amazon.awssdk.services.s3.model.ListObjectsV2Response;

/** Looks for a prefix that differs from an empty one only in the spelling of its last part. */
final class OtherSpelling {

  /** More neighbours are not looked through. */
  private static final int MOST_PAGES = 10;

  private OtherSpelling() {}

  static Optional<String> of(ObjectStore source, ProgressMonitor monitor) {
    String prefix = source.prefix();
    if (prefix.length() < 2) {
      return Optional.empty();
    }
    String delimiter = prefix.substring(prefix.length() - 1);
    String parent = prefix.substring(0, prefix.lastIndexOf(delimiter, prefix.length() - 2) + 1);
    String continuation = null;
    for (int page = 0; page < MOST_PAGES; page++) {
      monitor.throwIfCancelled();
      String from = continuation;
      ListObjectsV2Response answer =
          source.call(
              "list " + source.location().uri(),
              s3 ->
                  s3.listObjectsV2(
                      list ->
                          list.bucket(source.bucket())
                              .prefix(parent)
                              .delimiter(delimiter)
                              .encodingType(EncodingType.URL)
                              .continuationToken(from)));
      for (CommonPrefix each : answer.commonPrefixes()) {
        if (KeySpelling.isAnother(part(prefix, parent), part(each.prefix(), parent))) {
          return Optional.of(each.prefix());
        }
      }
      continuation = answer.nextContinuationToken();
      if (continuation == null) {
        break;
      }
    }
    return Optional.empty();
  }

  private static String part(String prefix, String parent) {
    return prefix.substring(parent.length(), prefix.length() - 1);
  }
}

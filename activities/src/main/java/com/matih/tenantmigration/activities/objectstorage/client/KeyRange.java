package com.matih.tenantmigration.activities.objectstorage.client;

import org.jspecify.annotations.Nullable;

/**
 * A range of names, in the order in which S3 lists them.
 *
 * @param after the name before the range's first one; {@code null} for all from the beginning
 * @param upTo the last name that belongs to the range; {@code null} for all to the end
 */
public record KeyRange(@Nullable String after, @Nullable String upTo) {

  public static final KeyRange ALL = new KeyRange(null, null);
}

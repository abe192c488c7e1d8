package com.matih.tenantmigration.workflow;

import java.util.Collections;
import java.util.EnumSet;
import java.util.Set;

/** The checks that a migration must pass before its tenant is switched over. */
public enum CheckName {
  /** Each table has as many rows on both sides. */
  ROW_COUNT,
  /** The digests of the primary keys of each table are the same on both sides. */
  PRIMARY_KEY_CHECKSUM,
  /** Every column of every row is the same on both sides. */
  ROW_CONTENT,
  /** There are as many objects on both sides. */
  OBJECT_COUNT,
  /** The objects have the same total of bytes on both sides. */
  OBJECT_SIZE,
  /** Every object has the same content and metadata on both sides. */
  OBJECT_CHECKSUM,
  /**
   * Every retained record of the tenant is on the dedicated topic, in order, and the groups stand
   * where they stood.
   */
  RECORD_CONTENT,
  /** Every document of the tenant is the same in both indices. */
  DOCUMENT_CONTENT,
  /** Every warmed key holds what the dedicated database says. */
  CACHE_CONTENT,
  /** Every storage reference points into the dedicated storage, at an object that exists. */
  STORAGE_REFERENCES,
  /** Nothing of another tenant is on the dedicated side. */
  TENANT_LEAK,
  /** The request's queries answer the same on both sides. */
  QUERY_TEST,
  /** Nobody has written for the tenant on the shared side since the fence. */
  SOURCE_QUIET,
  /** Every service endpoint answers 200 on the live route. */
  API_HEALTH;

  /** The checks of rows, which one pass over them makes. */
  public static final Set<CheckName> OF_ROWS =
      Collections.unmodifiableSet(EnumSet.of(ROW_COUNT, PRIMARY_KEY_CHECKSUM, ROW_CONTENT));

  /** The checks of objects, which are one step while the tenant works. */
  public static final Set<CheckName> OF_OBJECTS =
      Collections.unmodifiableSet(EnumSet.of(OBJECT_COUNT, OBJECT_SIZE, OBJECT_CHECKSUM));
}

package com.matih.tenantmigration.activities.postgres;

import com.matih.tenantmigration.activities.engine.ObjectPresence;
import java.util.Set;

/** Buckets for tests of what only asks whether objects exist. */
public final class TestObjects {

  /** Every object exists. */
  public static final ObjectPresence ALL = (context, side, keys) -> Set.of();

  private TestObjects() {}
}

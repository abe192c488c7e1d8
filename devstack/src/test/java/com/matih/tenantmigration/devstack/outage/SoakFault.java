package com.matih.tenantmigration.devstack.outage;

import java.util.Random;

/** What happens to a migration of the soak test; a third of them meet one of these. */
enum SoakFault {
  NONE,
  /** Connections to all stores are cut where a seed says. */
  CUTS,
  /** An operator cancels it at some moment. */
  CANCEL,
  /** An operator pauses it at some moment, and lets it go on. */
  PAUSE,
  /** One of its checks does not pass. */
  FAILING_CHECK;

  private static final double SHARE = 1.0 / 3;

  static SoakFault any(Random random) {
    return random.nextDouble() < SHARE ? values()[1 + random.nextInt(values().length - 1)] : NONE;
  }
}

package com.matih.tenantmigration.devstack.outage;

/** What goes wrong at a fault point. */
enum Fault {
  /** The worker's process is killed. */
  KILL,
  /** The worker's process stands still for 40 s, and goes on after another has taken over. */
  FREEZE,
  /** All connections of the tenant's migration to its stores are cut. */
  CUT,
  /** A store of the step is away for 30 s. */
  STORE_DOWN,
  /** A store of the step is restarted, for everybody. */
  STORE_RESTART,
  /** Temporal is restarted. */
  TEMPORAL_RESTART,
  /** The control plane is away for 10 s. */
  CONTROL_PLANE_DOWN,
  /** An operator cancels. */
  CANCEL,
  /** An operator pauses, and resumes three seconds later. */
  PAUSE,
  /** The step fails of an error that nobody foresaw. */
  ERROR,
  /** Somebody else takes the names of the dedicated side that are free. */
  TAKEN,
  /** The thread waits for 15 s. */
  WAIT;

  /** Whether other migrations meet it, too, in a way that may roll them back. */
  boolean hitsOthers() {
    return this == STORE_RESTART || this == CONTROL_PLANE_DOWN;
  }

  /** Whether a migration that meets nothing else arrives all the same. */
  boolean passes() {
    return switch (this) {
      case KILL, FREEZE, CUT, TEMPORAL_RESTART, PAUSE, ERROR, WAIT -> true;
      case STORE_DOWN, STORE_RESTART, CONTROL_PLANE_DOWN, CANCEL, TAKEN -> false;
    };
  }
}

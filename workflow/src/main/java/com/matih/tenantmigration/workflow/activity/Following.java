package com.matih.tenantmigration.workflow.activity;

/** How long a store's changes are followed. */
public enum Following {
  /** Until the dedicated side is a moment behind the shared one. */
  UNTIL_CAUGHT_UP,
  /** Until the activity is cancelled, which ends it well. */
  UNTIL_STOPPED
}

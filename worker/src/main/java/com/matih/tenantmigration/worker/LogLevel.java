package com.matih.tenantmigration.worker;

/** From which level on the log is written. */
public enum LogLevel {
  ERROR,
  WARN,
  INFO,
  DEBUG
}

package com.matih.tenantmigration.benchmarks.measure;

/** A benchmark that cannot go on; the message is written for the person at the terminal. */
public final class BenchmarkException extends RuntimeException {

  public BenchmarkException(String message) {
    super(message);
  }

  public BenchmarkException(String message, Throwable cause) {
    super(message, cause);
  }
}

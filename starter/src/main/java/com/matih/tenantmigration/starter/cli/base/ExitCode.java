package com.matih.tenantmigration.starter.cli.base;

import com.matih.tenantmigration.workflow.Outcome;

/** What a command's exit code says. */
public final class ExitCode {

  public static final int DONE = 0;
  public static final int UNEXPECTED = 1;
  public static final int BAD_USAGE = 2;
  public static final int REFUSED = 3;
  public static final int ROLLED_BACK = 4;
  public static final int ROLLBACK_INCOMPLETE = 5;

  private ExitCode() {}

  /** The code for a migration's end. */
  public static int of(Outcome outcome) {
    return switch (outcome) {
      case COMPLETED -> DONE;
      case REFUSED -> REFUSED;
      case ROLLED_BACK -> ROLLED_BACK;
      case ROLLBACK_INCOMPLETE -> ROLLBACK_INCOMPLETE;
      case RUNNING -> UNEXPECTED;
    };
  }
}

package com.matih.tenantmigration.starter.layout;

/**
 * Where progress is shown.
 *
 * @param redraws whether what was written can be written over
 * @param columns how many signs a line may have
 */
public record Screen(boolean redraws, int columns) {

  /** Set by the launcher: whether its output goes to a terminal, and how wide that is. */
  private static final String TERMINAL = "tenant-migration.terminal";

  private static final String COLUMNS = "tenant-migration.columns";
  private static final int USUAL = 120;
  private static final int LEAST = 40;

  /** A file or a pipe. */
  public static final Screen NONE = new Screen(false, Integer.MAX_VALUE);

  /** The process' own, as its launcher says; without a launcher's word there is none. */
  public static Screen ofProcess() {
    return Boolean.getBoolean(TERMINAL)
        ? new Screen(true, Math.max(LEAST, Integer.getInteger(COLUMNS, USUAL)))
        : NONE;
  }

  /** The line's part that fits, so that one line stays one line. */
  public String cut(String line) {
    return line.length() > columns ? line.substring(0, columns - 1) + "…" : line;
  }
}

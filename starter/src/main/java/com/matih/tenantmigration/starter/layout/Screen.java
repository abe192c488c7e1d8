package com.matih.tenantmigration.starter.layout;

import java.util.Map;
import java.util.function.Supplier;

/** Where a command shows what it has to say: a terminal, or a file or pipe. */
public final class Screen {

  /** Set by the launcher: whether its output goes to a terminal, and how large that is. */
  private static final String TERMINAL = "tenant-migration.terminal";

  private static final String COLUMNS = "tenant-migration.columns";
  private static final String ROWS = "tenant-migration.rows";
  private static final Size USUAL = new Size(24, 120);
  private static final Size ENDLESS = new Size(Integer.MAX_VALUE, Integer.MAX_VALUE);
  private static final int LEAST_COLUMNS = 40;

  /** A file or a pipe. */
  public static final Screen NONE = new Screen(false, () -> ENDLESS, Colours.OFF);

  private final boolean redraws;
  private final Supplier<Size> size;
  private final Colours colours;

  private Screen(boolean redraws, Supplier<Size> size, Colours colours) {
    this.redraws = redraws;
    this.size = size;
    this.colours = colours;
  }

  /** One of a fixed width, so high that everything fits, without colours. */
  public Screen(boolean redraws, int columns) {
    this(redraws, () -> new Size(Integer.MAX_VALUE, columns), Colours.OFF);
  }

  /** A terminal whose size may change. */
  public static Screen terminal(Supplier<Size> size, Colours colours) {
    return new Screen(true, size, colours);
  }

  /** The process' own, as its launcher says; without a launcher's word there is none. */
  public static Screen ofProcess() {
    if (!Boolean.getBoolean(TERMINAL)) {
      return NONE;
    }
    Size begun =
        new Size(
            Integer.getInteger(ROWS, USUAL.rows()), Integer.getInteger(COLUMNS, USUAL.columns()));
    return terminal(new TerminalSize(begun), colours(System.getenv()));
  }

  /** A terminal has colours unless its user or its kind forbids them (no-color.org). */
  static Colours colours(Map<String, String> environment) {
    boolean unwanted = !environment.getOrDefault("NO_COLOR", "").isEmpty();
    return unwanted || environment.getOrDefault("TERM", "").equals("dumb")
        ? Colours.OFF
        : Colours.ON;
  }

  /** Whether what was written can be written over. */
  public boolean redraws() {
    return redraws;
  }

  /** How large it is at this moment. */
  public Size size() {
    Size now = size.get();
    return new Size(Math.max(1, now.rows()), Math.max(LEAST_COLUMNS, now.columns()));
  }

  /** How many characters a line may have at this moment. */
  public int columns() {
    return size().columns();
  }

  /** The colours that it shows. */
  public Colours colours() {
    return colours;
  }

  /**
   * A size in characters.
   *
   * @param rows how many lines are seen at once
   * @param columns how many characters a line may have
   */
  public record Size(int rows, int columns) {

    /** The line's part that fits, so that one line stays one line. */
    public String cut(String line) {
      return line.length() > columns ? line.substring(0, columns - 1) + "…" : line;
    }
  }
}

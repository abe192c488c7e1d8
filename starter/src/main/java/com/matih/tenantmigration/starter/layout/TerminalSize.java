package com.matih.tenantmigration.starter.layout;

import com.matih.tenantmigration.starter.layout.Screen.Size;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How large the process' terminal is now. Java cannot be told of a window that changes, so {@code
 * stty} is asked, at most once in half a second; where it does not answer, the last size holds.
 */
final class TerminalSize implements Supplier<Size> {

  private static final Duration FRESH = Duration.ofMillis(500);
  private static final Duration PATIENCE = Duration.ofSeconds(1);
  private static final Pattern ANSWER = Pattern.compile("(\\d{1,5}) (\\d{1,5})");

  private Size known;
  private long askedAt;
  private boolean silent;

  /**
   * @param begun the size with which the process began
   */
  TerminalSize(Size begun) {
    this.known = begun;
    this.askedAt = System.nanoTime();
  }

  @Override
  public synchronized Size get() {
    if (!silent && System.nanoTime() - askedAt >= FRESH.toNanos()) {
      Optional<Size> now = ask();
      silent = now.isEmpty();
      known = now.orElse(known);
      askedAt = System.nanoTime();
    }
    return known;
  }

  private static Optional<Size> ask() {
    try {
      Process stty =
          new ProcessBuilder("stty", "size")
              .redirectInput(new File("/dev/tty"))
              .redirectError(ProcessBuilder.Redirect.DISCARD)
              .start();
      if (!stty.waitFor(PATIENCE.toMillis(), TimeUnit.MILLISECONDS)) {
        stty.destroyForcibly();
        return Optional.empty();
      }
      return parse(new String(stty.getInputStream().readAllBytes(), StandardCharsets.US_ASCII));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return Optional.empty();
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  /** {@code 24 80}; a terminal that does not know its size says {@code 0 0}. */
  static Optional<Size> parse(String answer) {
    Matcher matcher = ANSWER.matcher(answer.strip());
    if (!matcher.matches()) {
      return Optional.empty();
    }
    Size size = new Size(Integer.parseInt(matcher.group(1)), Integer.parseInt(matcher.group(2)));
    return size.rows() > 0 && size.columns() > 0 ? Optional.of(size) : Optional.empty();
  }
}

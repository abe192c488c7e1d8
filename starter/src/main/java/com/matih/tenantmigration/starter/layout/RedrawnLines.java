package com.matih.tenantmigration.starter.layout;

import java.io.PrintWriter;
import java.util.List;
import java.util.function.UnaryOperator;

/**
 * Lines at the end of a terminal that the next ones are written over, also where the window has
 * become narrower meanwhile: a terminal then breaks what it shows into more lines.
 */
public final class RedrawnLines {

  private final PrintWriter out;
  private List<String> drawn = List.of();

  public RedrawnLines(PrintWriter out) {
    this.out = out;
  }

  /** Takes away what was drawn last. */
  public void erase(Screen.Size now) {
    int rows =
        drawn.stream()
            .mapToInt(line -> Math.max(1, (line.length() + now.columns() - 1) / now.columns()))
            .sum();
    if (rows > 0) {
      out.print("\u001b[" + rows + "A\u001b[J");
    }
    drawn = List.of();
  }

  /**
   * Draws lines.
   *
   * @param lines none of them longer than the screen is wide
   * @param first how the first of them is coloured
   */
  public void draw(List<String> lines, UnaryOperator<String> first) {
    drawn = List.copyOf(lines);
    for (int i = 0; i < drawn.size(); i++) {
      out.println(i == 0 ? first.apply(drawn.get(i)) : drawn.get(i));
    }
  }
}

package com.matih.tenantmigration.workflow.log;

import com.matih.tenantmigration.workflow.report.Wish;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/**
 * What operators asked for and the migration agreed to: the first and the last, and how many stood
 * between them, so that a report does not grow with every pause. The audit trail has all.
 */
public final class OperatorCommands {

  public static final int KEPT_AT_EACH_END = 20;

  private final List<Wish> first = new ArrayList<>();
  private final Deque<Wish> last = new ArrayDeque<>();
  private int leftOut;

  void add(Wish command) {
    if (first.size() < KEPT_AT_EACH_END) {
      first.add(command);
      return;
    }
    last.addLast(command);
    if (last.size() > KEPT_AT_EACH_END) {
      last.removeFirst();
      leftOut++;
    }
  }

  /** The oldest first; one of kind LEFT_OUT says how many are not shown. */
  List<Wish> all() {
    List<Wish> all = new ArrayList<>(first);
    if (leftOut > 0) {
      Wish next = last.getFirst();
      all.add(
          new Wish(
              next.at(),
              next.phase(),
              Wish.Kind.LEFT_OUT,
              null,
              "%d more, which the audit trail has".formatted(leftOut)));
    }
    all.addAll(last);
    return List.copyOf(all);
  }
}

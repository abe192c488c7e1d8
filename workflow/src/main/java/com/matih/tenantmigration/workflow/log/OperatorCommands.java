package com.matih.tenantmigration.workflow.log;

import com.matih.tenantmigration.workflow.report.AcceptedCommand;
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

  private final List<AcceptedCommand> first = new ArrayList<>();
  private final Deque<AcceptedCommand> last = new ArrayDeque<>();
  private int leftOut;

  void add(AcceptedCommand command) {
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
  List<AcceptedCommand> all() {
    List<AcceptedCommand> all = new ArrayList<>(first);
    if (leftOut > 0) {
      AcceptedCommand next = last.getFirst();
      all.add(
          new AcceptedCommand(
              next.at(),
              next.phase(),
              AcceptedCommand.Kind.LEFT_OUT,
              null,
              "%d more, see the audit trail".formatted(leftOut)));
    }
    all.addAll(last);
    return List.copyOf(all);
  }
}

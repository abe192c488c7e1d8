package com.matih.tenantmigration.activities.kafka.copy;

import com.matih.tenantmigration.activities.kafka.client.TopicPositions.Position;
import com.matih.tenantmigration.workflow.request.KafkaSpec;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Future;
import java.util.function.ToLongFunction;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.RecordMetadata;

/**
 * Translates the positions of groups in one partition while its records are replayed.
 *
 * <pre>
 *   shared     … a  n  [A]  n   b   n   c  end      a, b, c: the tenant's records
 *                       └────────▼                  n: neighbours' records, markers, gaps
 *   dedicated    a              [b]     c  end
 * </pre>
 *
 * A position is the offset of the record that the group reads next. It becomes the offset that the
 * first of the tenant's records at or after it got on the dedicated partition, as the broker told
 * when it was written: nothing is counted, since markers take offsets there, too. Where no such
 * record is left, it becomes the end.
 *
 * <p>A translated position commits in the same transaction as the record that it points at. What is
 * committed already after a crash is therefore exactly what need not be translated again, and
 * nothing has to be remembered but the positions still to come: memory is constant.
 */
final class PositionTranslator {

  private final Deque<Pending> pending = new ArrayDeque<>();
  private final List<Met> met = new ArrayList<>();

  private record Pending(String group, Position position) {}

  private record Met(Pending pending, Future<RecordMetadata> written) {}

  /**
   * Begins a partition.
   *
   * @param positions by the shared group's name
   * @param translated the dedicated groups that have their positions from an earlier attempt
   */
  PositionTranslator(
      List<KafkaSpec.ConsumerGroup> groups,
      Map<String, Position> positions,
      Set<String> translated) {
    groups.stream()
        .filter(group -> positions.containsKey(group.from()))
        .filter(group -> !translated.contains(group.to()))
        .map(group -> new Pending(group.to(), positions.get(group.from())))
        .sorted(Comparator.comparingLong(each -> each.position().offset()))
        .forEach(pending::add);
  }

  /** Takes note that a record was written, in the order of the records. */
  void written(long sourceOffset, Future<RecordMetadata> written) {
    while (!pending.isEmpty() && pending.peek().position().offset() <= sourceOffset) {
      met.add(new Met(pending.poll(), written));
    }
  }

  /**
   * The positions whose record was written since the last call, by dedicated group.
   *
   * @param offsetOf tells the offset that a record got
   */
  Map<String, OffsetAndMetadata> takeMet(ToLongFunction<Future<RecordMetadata>> offsetOf) {
    Map<String, OffsetAndMetadata> positions = new HashMap<>();
    for (Met each : met) {
      positions.put(
          each.pending().group(),
          each.pending().position().at(offsetOf.applyAsLong(each.written())));
    }
    met.clear();
    return positions;
  }

  /** The positions for which no record is left, by dedicated group. */
  Map<String, OffsetAndMetadata> takeRest(long end) {
    Map<String, OffsetAndMetadata> positions = new HashMap<>();
    pending.forEach(each -> positions.put(each.group(), each.position().at(end)));
    pending.clear();
    return positions;
  }
}

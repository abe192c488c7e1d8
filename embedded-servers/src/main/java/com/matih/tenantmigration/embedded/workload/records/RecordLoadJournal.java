package com.matih.tenantmigration.embedded.workload.records;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** What became of the records that a {@link RecordLoad} sent; safe for use by several threads. */
public final class RecordLoadJournal {

  private final List<Acknowledged> acknowledged = new ArrayList<>();
  private final Set<String> aborted = new HashSet<>();

  /**
   * A record that readers see.
   *
   * @param id unique in all workloads
   * @param content its key, value, headers and timestamp, as text
   */
  public record Acknowledged(
      String tenant, int partition, long offset, String id, String content) {}

  synchronized void committed(List<Acknowledged> records) {
    acknowledged.addAll(records);
  }

  synchronized void aborted(List<Acknowledged> records) {
    records.forEach(each -> aborted.add(each.id()));
  }

  /** How many records were acknowledged so far, the neighbours' among them. */
  public synchronized int acknowledgedCount() {
    return acknowledged.size();
  }

  /** How many records were in transactions that were aborted. */
  public synchronized int abortedCount() {
    return aborted.size();
  }

  /** The records of a partition that readers see, in the order of their offsets. */
  public synchronized List<Acknowledged> of(String tenant, int partition) {
    return acknowledged.stream()
        .filter(each -> each.tenant().equals(tenant) && each.partition() == partition)
        .sorted(Comparator.comparingLong(Acknowledged::offset))
        .toList();
  }
}

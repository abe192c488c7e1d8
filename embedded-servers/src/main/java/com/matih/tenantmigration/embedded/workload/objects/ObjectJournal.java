package com.matih.tenantmigration.embedded.workload.objects;

import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/**
 * What of an {@link ObjectWorkload}'s writes was acknowledged. It can be read while the workload
 * goes on.
 */
public final class ObjectJournal {

  private final Map<String, Optional<ObjectState>> states = new ConcurrentHashMap<>();
  private final Map<ObjectChange, Integer> acknowledged = new ConcurrentHashMap<>();
  private final AtomicLong count = new AtomicLong();

  ObjectJournal() {}

  void acknowledge(ObjectChange change, String name, Optional<ObjectState> state) {
    states.put(name, state);
    var unused = acknowledged.merge(change, 1, Integer::sum);
    count.incrementAndGet();
  }

  /** How many changes were acknowledged. */
  public long acknowledgedCount() {
    return count.get();
  }

  /** The same for each kind of change. */
  public Map<ObjectChange, Integer> acknowledged() {
    return Map.copyOf(acknowledged);
  }

  /** What each object was last acknowledged to be, by its name; empty where it was deleted. */
  public Map<String, Optional<ObjectState>> states() {
    return Map.copyOf(states);
  }
}

package com.matih.tenantmigration.activities.postgres.follow.model;

import java.util.Arrays;

/** A set of longs in one array, because an exploration has millions. */
final class LongSet {

  private long[] slots = new long[1 << 12];
  private int size;

  /** Adds a value; returns whether it is new. */
  boolean add(long value) {
    // 0 marks a free slot
    long stored = value == 0 ? 1 : value;
    if (!put(slots, stored)) {
      return false;
    }
    size++;
    if (size * 2 > slots.length) {
      long[] larger = new long[slots.length * 2];
      Arrays.stream(slots).filter(slot -> slot != 0).forEach(slot -> put(larger, slot));
      slots = larger;
    }
    return true;
  }

  int size() {
    return size;
  }

  private static boolean put(long[] slots, long value) {
    int mask = slots.length - 1;
    int i = (int) value & mask;
    while (slots[i] != 0) {
      if (slots[i] == value) {
        return false;
      }
      i = (i + 1) & mask;
    }
    slots[i] = value;
    return true;
  }
}

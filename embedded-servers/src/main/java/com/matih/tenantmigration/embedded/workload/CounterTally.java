package com.matih.tenantmigration.embedded.workload;

/**
 * What is known of a row that all sessions count up.
 *
 * @param acknowledged how many counts were acknowledged
 * @param unknown how many more may have been committed
 * @param highest the highest value that an acknowledged count left; 0 if there was none
 * @param mark the mark of that count
 */
record CounterTally(long acknowledged, long unknown, long highest, String mark) {

  static final CounterTally NONE = new CounterTally(0, 0, 0, "");

  CounterTally acknowledge(CounterHit hit) {
    return hit.hits() > highest
        ? new CounterTally(acknowledged + 1, unknown, hit.hits(), hit.mark())
        : new CounterTally(acknowledged + 1, unknown, highest, mark);
  }

  CounterTally doubt() {
    return new CounterTally(acknowledged, unknown + 1, highest, mark);
  }
}

package com.matih.tenantmigration.devstack.demo;

import java.util.List;

/**
 * A sentence that the demo claims of its migration, and whether the servers bear it out.
 *
 * @param evidence what was looked at, or the first things that contradict it
 */
public record Claim(String sentence, boolean holds, String evidence) {

  private static final int NAMED = 5;

  /** Holds where nothing contradicts it. */
  static Claim unless(List<String> contradictions, String sentence, String evidence) {
    return contradictions.isEmpty()
        ? new Claim(sentence, true, evidence)
        : new Claim(
            sentence,
            false,
            "%d contradict it: %s"
                .formatted(
                    contradictions.size(),
                    String.join(
                        "; ", contradictions.subList(0, Math.min(NAMED, contradictions.size())))));
  }
}

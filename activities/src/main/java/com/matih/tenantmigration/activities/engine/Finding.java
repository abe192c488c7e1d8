package com.matih.tenantmigration.activities.engine;

import com.matih.tenantmigration.workflow.CheckName;
import com.matih.tenantmigration.workflow.report.CheckResult;
import com.matih.tenantmigration.workflow.report.CheckResult.Status;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a comparison found: how much was compared, and what did not match. Collects in constant
 * memory; safe for use by several threads.
 */
public final class Finding {

  private final List<String> named = new ArrayList<>();
  private final List<String> notes = new ArrayList<>();
  private long compared;
  private long mismatches;
  private @Nullable String skipped;

  /** A comparison that does not apply, such as of a store that is empty on both sides. */
  public static Finding notApplicable(String why) {
    Finding finding = new Finding();
    finding.skipped = why;
    return finding;
  }

  /** Counts what was compared, whether it matched or not. */
  public synchronized void compared(long count) {
    compared += count;
  }

  /** Counts one mismatch and names it if it is among the first. */
  public synchronized void mismatch(String what) {
    mismatches++;
    if (named.size() < CheckResult.NAMED_MISMATCHES) {
      named.add(what);
    }
  }

  /** Tells what is no mismatch but has to be known; a handful at most. */
  public synchronized void note(String what) {
    if (notes.size() < CheckResult.NAMED_MISMATCHES) {
      notes.add(what);
    }
  }

  /** Takes another comparison's findings into this one, such as another store's. */
  public synchronized void add(Finding other) {
    compared += other.compared;
    mismatches += other.mismatches;
    other.notes.forEach(this::note);
    for (String mismatch : other.named) {
      if (named.size() < CheckResult.NAMED_MISMATCHES) {
        named.add(mismatch);
      }
    }
  }

  public synchronized long comparedCount() {
    return compared;
  }

  public synchronized long mismatchCount() {
    return mismatches;
  }

  /** The first mismatches. */
  public synchronized List<String> namedMismatches() {
    return List.copyOf(named);
  }

  /** What is no mismatch but has to be known. */
  public synchronized List<String> notes() {
    return List.copyOf(notes);
  }

  /** Whether the comparison does not apply. */
  public synchronized boolean isNotApplicable() {
    return skipped != null;
  }

  /** The result: a check that compared nothing, though it applies, did not pass. */
  public synchronized CheckResult toResult(CheckName check) {
    if (skipped != null) {
      return new CheckResult(check, Status.SKIPPED, 0, List.of(skipped));
    }
    if (mismatches == 0) {
      return compared > 0
          ? new CheckResult(check, Status.PASSED, compared, List.of(), notes)
          : new CheckResult(check, Status.FAILED, 0, List.of("nothing was compared"));
    }
    List<String> texts = new ArrayList<>(named);
    if (mismatches > named.size()) {
      texts.add("and %d more".formatted(mismatches - named.size()));
    }
    return new CheckResult(check, Status.FAILED, compared, texts, notes);
  }
}

package com.matih.tenantmigration.workflow.report;

import com.matih.tenantmigration.workflow.StoreName;
import java.util.function.UnaryOperator;

/**
 * Why a migration cannot begin.
 *
 * @param store the {@link StoreName#key} of what it is about
 * @param object the table, bucket, topic, … that stands in the way
 * @param reason what is wrong with it
 * @param remedy what to do about it
 */
public record Refusal(String store, String object, String reason, String remedy) {

  private static final String ALREADY_THERE =
      "the tenant is already served from the request's targets: it was migrated before";

  private static final String SAME_TARGETS =
      "a migration of the tenant to the same targets is running: ";

  private static final String UNDER_WAY =
      "the tenant is read-only, because a migration of it is running: ";

  private static final String UNFINISHED = "the tenant's last migration did not end cleanly: ";

  public Refusal(StoreName store, String object, String reason, String remedy) {
    this(store.key(), object, reason, remedy);
  }

  /**
   * The tenant lives where the request wants to move it. What a look at the stores says against
   * them is then beside the point, and its advice to empty them would destroy the tenant's data.
   */
  public static Refusal alreadyThere(String tenant) {
    return new Refusal(
        StoreName.TENANT,
        tenant,
        ALREADY_THERE,
        "Do not change these stores: the tenant works with them. Nothing is left to move.");
  }

  /**
   * A migration of the tenant is under way. What a look at the stores says against them is then its
   * work, and the advice to remove it would destroy that.
   */
  public static Refusal underWay(String tenant, String migrationId) {
    return new Refusal(
        StoreName.TENANT,
        tenant,
        UNDER_WAY + migrationId,
        "Do not change these stores: that migration is filling them. Wait for it to end, or cancel"
            + " it; status says what to do if Temporal no longer runs it.");
  }

  /**
   * A migration before this one left something. What a look at the stores says against them is then
   * what it left, and a repair knows what of that may be removed.
   *
   * @param migration its id and how it stands
   */
  public static Refusal unfinished(String tenant, String migration) {
    return new Refusal(
        StoreName.TENANT,
        tenant,
        UNFINISHED + migration,
        "Finish it first: repair %s --yes. Without --yes it shows what it would do."
            .formatted(tenant));
  }

  /**
   * Another migration moves the tenant to the same places, and has not made it read-only yet. What
   * a look at them says against them is its work.
   */
  public static Refusal sameTargets(String tenant, String migrationId) {
    return new Refusal(
        StoreName.TENANT,
        tenant,
        SAME_TARGETS + migrationId,
        "Do not change these stores: that migration is filling them. Wait for it to end, cancel it,"
            + " or name other targets.");
  }

  /**
   * What a failure says: its first sentence is the reason, the others what to do about it.
   *
   * @param remedy what to do where the failure says nothing of that
   */
  public static Refusal of(String store, String object, String failure, String remedy) {
    int end = failure.indexOf(". ");
    return end < 0
        ? new Refusal(store, object, failure, remedy)
        : new Refusal(store, object, failure.substring(0, end + 1), failure.substring(end + 2));
  }

  /** The same, by the store's name. */
  public static Refusal of(StoreName store, String object, String failure, String remedy) {
    return of(store.key(), object, failure, remedy);
  }

  /** The same with each text changed, and cut where it is too long. */
  Refusal told(UnaryOperator<String> text) {
    return new Refusal(
        store,
        Bounds.text(text.apply(object)),
        Bounds.text(text.apply(reason)),
        Bounds.text(text.apply(remedy)));
  }

  /** What is told in the place of more refusals of the same store. */
  Refusal standsFor(int more) {
    return new Refusal(
        store,
        "and %,d more".formatted(more),
        "not listed here",
        "Fix what is named, then repeat the plan.");
  }

  /** Whether nothing else that was found matters. */
  public boolean standsAlone() {
    return reason.equals(ALREADY_THERE)
        || reason.startsWith(UNDER_WAY)
        || reason.startsWith(UNFINISHED)
        || reason.startsWith(SAME_TARGETS);
  }
}

package com.matih.tenantmigration.workflow.report.forecast;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.matih.tenantmigration.workflow.StoreName;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * How long a plan expects one store to take, or why it cannot tell.
 *
 * @param store the store's key in the request
 * @param copySeconds how long its copy takes; {@code null} where its speed could not be measured
 * @param drainSeconds online, how long its rest takes under the fence, as long as little changes;
 *     {@code null} as before
 * @param unknown why not; {@code null} where it could
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record StoreEstimate(
    String store,
    @Nullable Double copySeconds,
    @Nullable Double drainSeconds,
    @Nullable String unknown) {

  public static StoreEstimate of(StoreName store, double copySeconds, double drainSeconds) {
    return new StoreEstimate(store.key(), copySeconds, drainSeconds, null);
  }

  /** Of a store that did not let itself be measured. */
  public static StoreEstimate unknown(StoreName store, String reason) {
    return new StoreEstimate(store.key(), null, null, reason);
  }

  /** The same where the copy takes so many seconds in any case. */
  public StoreEstimate atLeast(double seconds) {
    return copySeconds == null
        ? this
        : new StoreEstimate(store, Math.max(copySeconds, seconds), drainSeconds, unknown);
  }

  /** The same for people to read. */
  public StoreEstimate told(UnaryOperator<String> text) {
    return unknown == null ? this : new StoreEstimate(store, null, null, text.apply(unknown));
  }
}

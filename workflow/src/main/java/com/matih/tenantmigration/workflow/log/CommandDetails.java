package com.matih.tenantmigration.workflow.log;

import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What an operator said with a wish, as the audit trail keeps it; what was left out is left out.
 */
public final class CommandDetails {

  /** What is longer is no reason but a document. */
  private static final int LONGEST = 2_000;

  private final Map<String, String> details = new LinkedHashMap<>();

  private CommandDetails() {}

  public static CommandDetails nothing() {
    return new CommandDetails();
  }

  public static String orNoReason(@Nullable String reason) {
    return isBlank(reason) ? "no reason given" : reason;
  }

  public static String orUnnamed(@Nullable String name) {
    return isBlank(name) ? "somebody" : name;
  }

  public CommandDetails by(@Nullable String who) {
    return with("by", who);
  }

  public CommandDetails approver(@Nullable String who) {
    return with("approver", who);
  }

  public CommandDetails reason(@Nullable String text) {
    return with("reason", text);
  }

  /** What the throttle is to be. */
  public CommandDetails throttle(@Nullable String words) {
    return with("throttle", words);
  }

  /** Why the wish was refused. */
  public CommandDetails why(@Nullable String refusal) {
    return with("why", refusal);
  }

  /** Who said it, the approver included; {@code null} where that was left out. */
  public @Nullable String who() {
    String by = details.get("by");
    return by == null ? details.get("approver") : by;
  }

  /** Why, or what the throttle is to be; {@code null} where it was left out. */
  public @Nullable String reason() {
    String throttle = details.get("throttle");
    return throttle == null ? details.get("reason") : throttle;
  }

  /** {@code by dana, accepted; reason: lunch}. */
  String told(String result) {
    String who = who();
    String why = details.get("why");
    return (who == null ? "" : " by " + who)
        + ", "
        + result.toLowerCase(Locale.ROOT)
        + (why == null ? "" : " (%s)".formatted(why))
        + tail("reason")
        + tail("throttle");
  }

  private String tail(String key) {
    String value = details.get(key);
    return value == null ? "" : "; %s: %s".formatted(key, value);
  }

  public Map<String, String> details() {
    return Map.copyOf(details);
  }

  private CommandDetails with(String key, @Nullable String value) {
    if (!isBlank(value)) {
      details.put(key, value.length() > LONGEST ? value.substring(0, LONGEST) + "…" : value);
    }
    return this;
  }

  private static boolean isBlank(@Nullable String text) {
    return text == null || text.isBlank();
  }
}

package com.matih.tenantmigration.activities.secrets;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The values that references stood for in this process, so that whatever text leaves it can be told
 * without them: a server, a driver or an endpoint may repeat what it was given.
 *
 * <p>One for the process, as its log is. The last thousand values are known. A value of fewer than
 * four characters is not looked for, and one of fewer than twelve only where it stands alone: it
 * would be found everywhere.
 */
public final class ResolvedSecrets {

  static final String INSTEAD = "***";

  private static final int MOST = 1_000;
  private static final int SHORTEST = 4;
  private static final int SURE = 12;

  private static final Map<String, List<Pattern>> KNOWN =
      new LinkedHashMap<>() {
        @Override
        protected boolean removeEldestEntry(Map.Entry<String, List<Pattern>> eldest) {
          return size() > MOST;
        }
      };

  private static volatile List<Pattern> patterns = List.of();

  private ResolvedSecrets() {}

  /** Learns a value, in the forms in which it may be repeated. */
  public static void note(String value) {
    if (value.strip().length() < SHORTEST) {
      return;
    }
    synchronized (KNOWN) {
      if (!KNOWN.containsKey(value)) {
        KNOWN.put(value, forms(value));
        patterns =
            KNOWN.values().stream()
                .flatMap(Collection::stream)
                .sorted(
                    Comparator.comparingInt((Pattern each) -> each.pattern().length()).reversed())
                .toList();
      }
    }
  }

  /** The text without any of the values. */
  public static String scrub(String text) {
    String told = text;
    for (Pattern pattern : patterns) {
      Matcher matcher = pattern.matcher(told);
      if (matcher.find()) {
        told = matcher.replaceAll(Matcher.quoteReplacement(INSTEAD));
      }
    }
    return told;
  }

  private static List<Pattern> forms(String value) {
    Set<String> forms = new LinkedHashSet<>();
    forms.add(value.strip());
    value.lines().map(String::strip).filter(line -> line.length() >= SURE).forEach(forms::add);
    String encoded = URLEncoder.encode(value, StandardCharsets.UTF_8);
    forms.add(encoded);
    forms.add(encoded.replace("+", "%20"));
    forms.add(value.replace("\\", "\\\\").replace("\"", "\\\""));
    forms.add(Base64.getEncoder().encodeToString(value.getBytes(StandardCharsets.UTF_8)));
    return forms.stream().map(ResolvedSecrets::pattern).toList();
  }

  private static Pattern pattern(String form) {
    String literal = Pattern.quote(form);
    return Pattern.compile(
        form.length() >= SURE ? literal : "(?<![\\p{L}\\p{N}_])" + literal + "(?![\\p{L}\\p{N}_])");
  }
}

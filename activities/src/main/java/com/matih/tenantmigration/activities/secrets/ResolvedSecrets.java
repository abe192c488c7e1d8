package com.matih.tenantmigration.activities.secrets;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
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

  private static final String BASE64 = "[A-Za-z0-9+/_-]";

  private static final Map<String, List<Form>> KNOWN =
      new LinkedHashMap<>() {
        @Override
        protected boolean removeEldestEntry(Map.Entry<String, List<Form>> eldest) {
          return size() > MOST;
        }
      };

  private static volatile List<Form> forms = List.of();

  private ResolvedSecrets() {}

  /**
   * A form in which a value may be repeated.
   *
   * @param text what stands in each text that the pattern is found in
   */
  private record Form(String text, Pattern pattern) {}

  /** Learns a value, in the forms in which it may be repeated. */
  public static void note(String value) {
    if (value.strip().length() < SHORTEST) {
      return;
    }
    synchronized (KNOWN) {
      if (!KNOWN.containsKey(value)) {
        KNOWN.put(value, forms(value));
        forms =
            KNOWN.values().stream()
                .flatMap(Collection::stream)
                .sorted(Comparator.comparingInt((Form each) -> each.text().length()).reversed())
                .toList();
      }
    }
  }

  /** The text without any of the values. */
  public static String scrub(String text) {
    String told = text;
    for (Form form : forms) {
      if (told.contains(form.text())) {
        told = form.pattern().matcher(told).replaceAll(Matcher.quoteReplacement(INSTEAD));
      }
    }
    return told;
  }

  private static List<Form> forms(String value) {
    Set<String> forms = new LinkedHashSet<>();
    forms.add(value.strip());
    value.lines().map(String::strip).filter(line -> line.length() >= SURE).forEach(forms::add);
    String encoded = URLEncoder.encode(value, StandardCharsets.UTF_8);
    forms.add(encoded);
    forms.add(encoded.replace("+", "%20"));
    forms.add(value.replace("\\", "\\\\").replace("\"", "\\\""));
    byte[] bytes = value.getBytes(StandardCharsets.UTF_8);
    forms.add(Base64.getEncoder().encodeToString(bytes));
    List<Form> all = new ArrayList<>(forms.stream().map(ResolvedSecrets::form).toList());
    if (bytes.length >= SURE) {
      for (int before = 0; before < 3; before++) {
        String within = withinBase64(bytes, before);
        all.add(formWithin(within));
        all.add(formWithin(within.replace('+', '-').replace('/', '_')));
      }
    }
    return all;
  }

  private static Form form(String text) {
    String literal = Pattern.quote(text);
    return new Form(
        text,
        Pattern.compile(
            text.length() >= SURE
                ? literal
                : "(?<![\\p{L}\\p{N}_])" + literal + "(?![\\p{L}\\p{N}_])"));
  }

  /**
   * The characters of a value that is encoded as part of something longer, such as the user and
   * password of a login, which are the same whatever stands beside it.
   *
   * @param before how many bytes more than a multiple of three stand before it
   */
  private static String withinBase64(byte[] value, int before) {
    byte[] longer = new byte[before + value.length];
    System.arraycopy(value, 0, longer, before, value.length);
    String all = Base64.getEncoder().encodeToString(longer);
    return all.substring((before * 8 + 5) / 6, longer.length * 8 / 6);
  }

  /** With the characters at its ends that hold a few bits of the value. */
  private static Form formWithin(String text) {
    return new Form(text, Pattern.compile(BASE64 + "?" + Pattern.quote(text) + BASE64 + "?=*"));
  }
}

package com.matih.tenantmigration.worker.secrets;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * Finds a text in what a process left behind, whether it stands there in clear, as an address or as
 * JSON has it, in Base64 as part of something longer, or in hexadecimal.
 */
final class SecretSearch {

  private static final int AROUND = 150;

  private final Set<String> forms = new LinkedHashSet<>();

  SecretSearch(String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    add(text);
    String address = URLEncoder.encode(text, StandardCharsets.UTF_8);
    add(address);
    add(address.replace("+", "%20"));
    add(text.replace("\\", "\\\\").replace("\"", "\\\""));
    for (int before = 0; before < 3; before++) {
      String base64 = base64(bytes, before);
      add(base64);
      add(base64.replace('+', '-').replace('/', '_'));
    }
    String hex = HexFormat.of().formatHex(bytes);
    add(hex);
    add(hex.toUpperCase(Locale.ROOT));
  }

  private void add(String form) {
    forms.add(new String(form.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1));
  }

  /** The characters that are the same whatever stands before, so many bytes of it, and behind. */
  private static String base64(byte[] bytes, int before) {
    byte[] longer = new byte[before + bytes.length];
    System.arraycopy(bytes, 0, longer, before, bytes.length);
    String all = Base64.getEncoder().encodeToString(longer);
    return all.substring((before * 8 + 5) / 6, longer.length * 8 / 6);
  }

  /**
   * Each place in which it stands, with what stands around.
   *
   * @param content one character a byte
   */
  List<String> in(String content) {
    List<String> found = new ArrayList<>();
    for (String form : forms) {
      for (int at = content.indexOf(form); at >= 0; at = content.indexOf(form, at + 1)) {
        found.add(
            content.substring(
                Math.max(0, at - AROUND), Math.min(content.length(), at + form.length() + AROUND)));
      }
    }
    return found;
  }
}

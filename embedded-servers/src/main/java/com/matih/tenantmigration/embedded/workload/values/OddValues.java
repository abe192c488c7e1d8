package com.matih.tenantmigration.embedded.workload.values;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;

/** Values that copies get wrong, chosen by a row's mark. */
public final class OddValues {

  /** The mark takes the place of {@code %s}, so most values are unique too. */
  private static final List<String> TEXTS =
      List.of(
          "",
          "%s",
          "NULL",
          "\\N",
          "\\.",
          "\\",
          " %s ",
          "tab\tand\\ttab %s",
          "line\nand\r\nline %s\n",
          "\u0001\u001f\u007f %s",
          "'quotes' \"double\" $$dollar$$ %s",
          "Grüße, 世界 e\u0301 \ud83d\ude80 \u202e%s",
          "{\"not\": \"json\", %s}",
          "a,b;c|d %s");

  private static final List<String> NUMBERS =
      List.of("0", "-0.000", "NaN", "1e30", "12345678901234567890.123456789", "Infinity");

  private static final List<String> INSTANTS =
      List.of(
          "infinity",
          "-infinity",
          "0044-03-15 12:00:00+00 BC",
          "2026-02-28 23:59:59.999999+00",
          "294276-12-31 00:00:00+00");

  private static final List<String> ARRAYS =
      List.of("{}", "{NULL}", "{\"NULL\",\"\"}", "{\"a,b\",\"{c}\",\"\\\"\"}", "[0:1]={x,y}");

  private static final List<String> DOCUMENTS =
      List.of(
          "{}",
          "[]",
          "null",
          "{\"n\": 1e20, \"z\": 1.500, \"a\": null}",
          "{\"text\": \"\\u00fc \\\\ \\\" \\n\", \"\": [[], {}]}");

  private OddValues() {}

  /** A text for a row, or nothing, which stands for NULL. */
  public static Optional<String> payload(String mark) {
    int choice = choose(mark, TEXTS.size() + 3);
    if (choice == TEXTS.size()) {
      return Optional.empty();
    }
    if (choice > TEXTS.size()) {
      // too long for a row and hard to compress, so it is stored out of line
      return Optional.of(noise(mark));
    }
    return Optional.of(TEXTS.get(choice).replace("%s", mark));
  }

  /** A number for a row, as PostgreSQL reads it. */
  public static String number(String mark) {
    return NUMBERS.get(choose(mark + "n", NUMBERS.size()));
  }

  /** A point in time for a row, as PostgreSQL reads it. */
  public static String instant(String mark) {
    return INSTANTS.get(choose(mark + "i", INSTANTS.size()));
  }

  /** An array of text for a row, as PostgreSQL reads it. */
  public static String array(String mark) {
    return ARRAYS.get(choose(mark + "a", ARRAYS.size()));
  }

  /** A JSON document for a row. */
  public static String document(String mark) {
    return DOCUMENTS.get(choose(mark + "d", DOCUMENTS.size()));
  }

  /** Bytes for a row, which are no text. */
  public static byte[] bytes(String mark) {
    byte[] bytes = (mark + "\0\\").getBytes(StandardCharsets.UTF_8);
    bytes[0] = (byte) 0xff;
    return bytes;
  }

  /** The MD5 of {@link #payload}, as PostgreSQL's function {@code md5} writes it; "-" for NULL. */
  public static String digest(String mark) {
    return payload(mark).map(OddValues::md5).orElse("-");
  }

  private static String noise(String mark) {
    StringBuilder text = new StringBuilder();
    String link = mark;
    while (text.length() < 6000) {
      link = md5(link);
      text.append(link);
    }
    return text.toString();
  }

  private static int choose(String mark, int choices) {
    return Math.floorMod(md5(mark).hashCode(), choices);
  }

  private static String md5(String text) {
    try {
      return HexFormat.of()
          .formatHex(
              MessageDigest.getInstance("MD5").digest(text.getBytes(StandardCharsets.UTF_8)));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("Every Java platform has MD5", e);
    }
  }
}

package com.matih.tenantmigration.controlplane;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.util.JsonGeneratorDelegate;
import java.io.IOException;

/**
 * Writes in place of what PostgreSQL's jsonb refuses, NUL and a surrogate without its other half,
 * the sign U+FFFD: what stores name their things is not ours to choose, and a record that cannot be
 * written would hold up a rollback for ever.
 */
final class StorableText extends JsonGeneratorDelegate {

  private static final char REPLACEMENT = '\uFFFD';

  StorableText(JsonGenerator generator) {
    super(generator, false);
  }

  @Override
  public void writeString(String text) throws IOException {
    super.writeString(of(text));
  }

  @Override
  public void writeString(char[] text, int offset, int length) throws IOException {
    super.writeString(of(new String(text, offset, length)));
  }

  @Override
  public void writeFieldName(String name) throws IOException {
    super.writeFieldName(of(name));
  }

  static String of(String text) {
    for (int at = 0; at < text.length(); at++) {
      if (!isStorable(text, at)) {
        return replaced(text);
      }
    }
    return text;
  }

  private static String replaced(String text) {
    StringBuilder storable = new StringBuilder(text);
    for (int at = 0; at < text.length(); at++) {
      if (!isStorable(text, at)) {
        storable.setCharAt(at, REPLACEMENT);
      }
    }
    return storable.toString();
  }

  private static boolean isStorable(String text, int at) {
    char sign = text.charAt(at);
    if (Character.isHighSurrogate(sign)) {
      return at + 1 < text.length() && Character.isLowSurrogate(text.charAt(at + 1));
    }
    if (Character.isLowSurrogate(sign)) {
      return at > 0 && Character.isHighSurrogate(text.charAt(at - 1));
    }
    return sign != 0;
  }
}

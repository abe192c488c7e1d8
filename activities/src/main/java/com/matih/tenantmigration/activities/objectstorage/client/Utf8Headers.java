package com.matih.tenantmigration.activities.objectstorage.client;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/**
 * Headers whose values are not ASCII, such as a Content-Disposition with a file name in UTF-8.
 *
 * <p>The SDK signs a header's value as UTF-8, but its HTTP client sends it as ISO 8859-1 and puts a
 * question mark for any other character. S3 itself stores bytes. So values are decoded as UTF-8
 * here, and {@link Utf8HeaderClient} sends them as UTF-8.
 */
public final class Utf8Headers {

  /** Stands in a value for bytes that are not UTF-8, which cannot be signed and sent again. */
  private static final char UNKNOWN = '\uFFFD';

  private Utf8Headers() {}

  static boolean isAscii(String value) {
    return value.chars().allMatch(character -> character < 0x80);
  }

  /** A value as it was read, each byte a character. */
  static String decode(String read) {
    if (isAscii(read)) {
      return read;
    }
    byte[] bytes = read.getBytes(StandardCharsets.ISO_8859_1);
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
    } catch (CharacterCodingException e) {
      return new String(bytes, StandardCharsets.UTF_8);
    }
  }

  /** Whether the value was read as it is, so that it can be written again. */
  public static boolean isWhole(String value) {
    return value.indexOf(UNKNOWN) < 0;
  }
}

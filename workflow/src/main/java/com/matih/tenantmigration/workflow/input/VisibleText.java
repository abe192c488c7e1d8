package com.matih.tenantmigration.workflow.input;

/** Makes what somebody else wrote fit to be repeated: in one line, visible, and not too long. */
public final class VisibleText {

  private static final int LONGEST = 200;

  private VisibleText() {}

  /** The text with its control characters and broken surrogates escaped, at most 200 characters. */
  public static String of(String text) {
    StringBuilder visible = new StringBuilder();
    for (int i = 0; i < text.length(); ) {
      int character = text.codePointAt(i);
      if (visible.length() >= LONGEST) {
        return visible.append('…').toString();
      }
      if (isFit(character)) {
        visible.appendCodePoint(character);
      } else {
        visible.append("\\u%04x".formatted(character));
      }
      i += Character.charCount(character);
    }
    return visible.toString();
  }

  /**
   * Whether the character can be stored, sent and shown everywhere: no control character, no line
   * separator, no half of a surrogate pair.
   */
  public static boolean isFit(int character) {
    return switch (Character.getType(character)) {
      case Character.CONTROL,
          Character.SURROGATE,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR ->
          false;
      default -> true;
    };
  }
}

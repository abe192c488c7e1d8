package com.matih.tenantmigration.activities.kafka.compare;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/**
 * Walks through a JSON text, character by character, and notes what it has at one path from the
 * root.
 *
 * <p>It is lenient about numbers, literals and strings, but not about the order of the text: what
 * follows the object, or stands where a name, a colon or a comma belongs, may be another's. An
 * object, an array or {@code null} at the path is noted as that, in brackets or bare.
 */
final class JsonWalk {

  private static final String SEPARATOR = ".";

  /** In place of a name, for what is in an array. */
  private static final String ELEMENT = "[]";

  private static final String WHITE_SPACE = " \t\n\r";
  private static final char BYTE_ORDER_MARK = '\uFEFF';

  private final String text;
  private final String path;
  private final List<String> found = new ArrayList<>();

  /** The paths of the open objects and arrays, the innermost first. */
  private final Deque<Place> open = new ArrayDeque<>();

  /** Of what is next. */
  private String name = "";

  private Expected expected = Expected.VALUE;
  private int at;

  /** What may come next. */
  private enum Expected {
    VALUE,
    VALUE_OR_END,
    NAME,
    NAME_OR_END,
    COLON,
    COMMA_OR_END,
    NOTHING,

    /** Something has come that was not expected. */
    BROKEN
  }

  /**
   * An open object or array.
   *
   * @param path of what is in it but for the last name; no path where it is in an array
   */
  private record Place(String path, boolean isObject) {}

  JsonWalk(String text, String path) {
    this.text = text;
    this.path = path;
  }

  /**
   * The scalars at the path, as they are written; empty where the text has none. A text may end
   * early, but one with anything else that does not belong there has none.
   */
  List<String> find() {
    if (!text.isEmpty() && text.charAt(0) == BYTE_ORDER_MARK) {
      at++;
    }
    while (at < text.length() && expected != Expected.BROKEN) {
      char next = text.charAt(at);
      if (WHITE_SPACE.indexOf(next) >= 0) {
        at++;
      } else {
        take(next);
      }
    }
    return expected == Expected.BROKEN ? List.of() : found;
  }

  private void take(char next) {
    switch (next) {
      case '{', '[' -> enter(next == '{');
      case '}', ']' -> leave(next == '}');
      case ':' -> pass(expected == Expected.COLON, Expected.VALUE);
      case ',' ->
          pass(expected == Expected.COMMA_OR_END, isInObject() ? Expected.NAME : Expected.VALUE);
      case '"' -> string();
      default -> bare();
    }
  }

  private boolean isInObject() {
    return !open.isEmpty() && open.element().isObject();
  }

  private boolean isValueNext() {
    return expected == Expected.VALUE || expected == Expected.VALUE_OR_END;
  }

  /** Takes a single character. */
  private void pass(boolean isInPlace, Expected after) {
    at++;
    expected = isInPlace ? after : Expected.BROKEN;
  }

  private void enter(boolean isObject) {
    boolean isInPlace = isValueNext();
    String own = pathOf();
    if (!open.isEmpty() && own.equals(path)) {
      found.add(isObject ? "{}" : ELEMENT);
    }
    open.push(new Place(open.isEmpty() ? "" : inside(own), isObject));
    name = "";
    pass(isInPlace, isObject ? Expected.NAME_OR_END : Expected.VALUE_OR_END);
  }

  private void leave(boolean isObject) {
    boolean isInPlace =
        !open.isEmpty()
            && isInObject() == isObject
            && (expected == Expected.COMMA_OR_END
                || expected == (isObject ? Expected.NAME_OR_END : Expected.VALUE_OR_END));
    open.poll();
    pass(isInPlace, afterValue());
  }

  private Expected afterValue() {
    return open.isEmpty() ? Expected.NOTHING : Expected.COMMA_OR_END;
  }

  /** What is longer than the path is never asked for, and would grow with each level. */
  private String inside(String own) {
    return own.length() > path.length() ? own : own + SEPARATOR;
  }

  /** Of what is here; of an array's elements one that no name of an object makes. */
  private String pathOf() {
    if (open.isEmpty()) {
      return "";
    }
    Place place = open.element();
    if (place.path().length() > path.length()) {
      return place.path();
    }
    return place.isObject() ? place.path() + name : path + ELEMENT;
  }

  private void value(String value) {
    if (isInObject() && pathOf().equals(path)) {
      found.add(value);
    }
    expected = afterValue();
  }

  /** A number or a literal; of one that the text ends with, more may be missing. */
  private void bare() {
    int begin = at;
    while (at < text.length() && "{}[]:,\" \t\n\r".indexOf(text.charAt(at)) < 0) {
      at++;
    }
    if (!isValueNext()) {
      expected = Expected.BROKEN;
    } else if (at < text.length()) {
      value(text.substring(begin, at));
    }
  }

  private void string() {
    StringBuilder value = new StringBuilder();
    at++;
    while (at < text.length() && text.charAt(at) != '"') {
      char next = text.charAt(at++);
      value.append(next == '\\' && at < text.length() ? escaped() : next);
    }
    boolean isWhole = at < text.length();
    at++;
    if (expected == Expected.NAME || expected == Expected.NAME_OR_END) {
      name = value.toString();
      expected = Expected.COLON;
    } else if (!isValueNext()) {
      expected = Expected.BROKEN;
    } else if (isWhole) {
      value(value.toString());
    }
  }

  private char escaped() {
    char next = text.charAt(at++);
    return switch (next) {
      case 'b' -> '\b';
      case 'f' -> '\f';
      case 'n' -> '\n';
      case 'r' -> '\r';
      case 't' -> '\t';
      case 'u' -> unicode();
      default -> next;
    };
  }

  private char unicode() {
    int end = Math.min(at + 4, text.length());
    try {
      return (char) Integer.parseInt(text.substring(at, end), 16);
    } catch (NumberFormatException e) {
      return '?';
    } finally {
      at = end;
    }
  }
}

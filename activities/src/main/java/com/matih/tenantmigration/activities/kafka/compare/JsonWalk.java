package com.matih.tenantmigration.activities.kafka.compare;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/**
 * Walks through a JSON text, character by character, and notes what it has at one path from the
 * root.
 *
 * <p>It is lenient about everything else: it looks for a stranger's mark, not for mistakes in
 * numbers. An object, an array or {@code null} at the path is noted as that, in brackets or bare.
 */
final class JsonWalk {

  private static final String SEPARATOR = ".";

  /** In place of a name, for what is in an array. */
  private static final String ELEMENT = "[]";

  private final String text;
  private final String path;
  private final List<String> found = new ArrayList<>();

  /** The paths of the open objects and arrays, the innermost first. */
  private final Deque<Place> open = new ArrayDeque<>();

  private int at;

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

  /** The scalars at the path, as they are written; empty where the text has none. */
  List<String> find() {
    String name = "";
    boolean isName = true;
    while (at < text.length()) {
      char next = text.charAt(at);
      switch (next) {
        case '{', '[' -> {
          enter(name, next == '{');
          name = "";
          isName = true;
        }
        case '}', ']' -> {
          at++;
          open.poll();
          if (open.isEmpty()) {
            return found;
          }
        }
        case ':' -> {
          at++;
          isName = false;
        }
        case ',' -> {
          at++;
          name = "";
          isName = true;
        }
        case '"' -> {
          String string = string();
          if (isName && isInObject()) {
            name = string;
          } else {
            note(name, string);
          }
        }
        default -> bare(name);
      }
    }
    return found;
  }

  private boolean isInObject() {
    return !open.isEmpty() && open.element().isObject();
  }

  private void enter(String name, boolean isObject) {
    at++;
    String own = pathOf(name);
    if (!open.isEmpty() && own.equals(path)) {
      found.add(isObject ? "{}" : ELEMENT);
    }
    open.push(new Place(open.isEmpty() ? "" : inside(own), isObject));
  }

  /** What is longer than the path is never asked for, and would grow with each level. */
  private String inside(String own) {
    return own.length() > path.length() ? own : own + SEPARATOR;
  }

  /** Of what is here; of an array's elements one that no name of an object makes. */
  private String pathOf(String name) {
    if (open.isEmpty()) {
      return "";
    }
    Place place = open.element();
    if (place.path().length() > path.length()) {
      return place.path();
    }
    return place.isObject() ? place.path() + name : path + ELEMENT;
  }

  private void note(String name, String value) {
    if (isInObject() && pathOf(name).equals(path)) {
      found.add(value);
    }
  }

  /** A number, a literal, white space, or something that is not JSON. */
  private void bare(String name) {
    int begin = at;
    while (at < text.length() && "{}[]:,\"".indexOf(text.charAt(at)) < 0) {
      at++;
    }
    String token = text.substring(begin, at).strip();
    if (!token.isEmpty()) {
      note(name, token);
    }
  }

  private String string() {
    StringBuilder value = new StringBuilder();
    at++;
    while (at < text.length() && text.charAt(at) != '"') {
      char next = text.charAt(at++);
      value.append(next == '\\' && at < text.length() ? escaped() : next);
    }
    at++;
    return value.toString();
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

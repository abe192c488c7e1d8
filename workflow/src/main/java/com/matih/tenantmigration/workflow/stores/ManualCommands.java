package com.matih.tenantmigration.workflow.stores;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** Writes names and addresses into sentences and commands for operators; never credentials. */
final class ManualCommands {

  private static final int LONGEST_LIST = 10;
  private static final String REFERENCE = "\\$\\{[^}]*}";

  private ManualCommands() {}

  /** The first commands, and how many more there are. */
  static List<String> bounded(List<String> commands) {
    if (commands.size() <= LONGEST_LIST) {
      return commands;
    }
    List<String> first = new ArrayList<>(commands.subList(0, LONGEST_LIST));
    first.add("and %d more of the request".formatted(commands.size() - LONGEST_LIST));
    return first;
  }

  /** The first names in a row, and how many more there are. */
  static String list(List<String> names) {
    String first = names.stream().limit(LONGEST_LIST).collect(Collectors.joining(", "));
    return names.size() <= LONGEST_LIST
        ? first
        : first + " and %d more".formatted(names.size() - LONGEST_LIST);
  }

  /** As SQL takes it for one identifier. */
  static String identifier(String name) {
    return '"' + name.replace("\"", "\"\"") + '"';
  }

  /** As a shell takes it for one word. */
  static String word(String text) {
    return text.matches("[A-Za-z0-9_./:,=@%+-]+") ? text : "'" + text.replace("'", "'\\''") + "'";
  }

  /** A server's address without user and parameters. */
  static String address(String url) {
    return withoutParameters(url.replaceAll(REFERENCE, "…")).replaceFirst("://[^/]*@", "://");
  }

  static String withoutParameters(String url) {
    int parameters = url.indexOf('?');
    return parameters < 0 ? url : url.substring(0, parameters);
  }
}

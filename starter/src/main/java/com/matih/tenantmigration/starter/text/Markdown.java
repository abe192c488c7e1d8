package com.matih.tenantmigration.starter.text;

/** Text that stands in Markdown as it is, whatever signs it holds. */
final class Markdown {

  private Markdown() {}

  static String escape(String text) {
    return text.replaceAll("\\p{Cntrl}+", " ").replaceAll("([\\\\`*_<>|\\[\\]#])", "\\\\$1");
  }
}

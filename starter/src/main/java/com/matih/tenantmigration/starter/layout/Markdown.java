package com.matih.tenantmigration.starter.layout;

/** Text that stands in Markdown as it is, whatever signs it holds. */
public final class Markdown {

  private Markdown() {}

  public static String escape(String text) {
    return text.replaceAll("\\p{Cntrl}+", " ").replaceAll("([\\\\`*_<>|\\[\\]#])", "\\\\$1");
  }
}

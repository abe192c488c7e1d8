package com.matih.tenantmigration.workflow.request.allowed;

import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A {@code sasl.jaas.config} with one of the two login modules that only hold a user's name and
 * password. Any other class would be loaded and run, and some, such as {@code JndiLoginModule}, run
 * what a stranger's server hands them.
 */
record JaasLogin() implements Setting {

  private static final Set<String> MODULES =
      Set.of(
          "org.apache.kafka.common.security.plain.PlainLoginModule",
          "org.apache.kafka.common.security.scram.ScramLoginModule");

  /** Backslashes and quotes would end a text early; what a reference stands for is escaped. */
  private static final String OPTION =
      "([A-Za-z]+)\\s*=\\s*(\"[^\"\\\\\\p{Cntrl}]*\"|[A-Za-z0-9_.@-]+)";

  private static final Pattern FORM =
      Pattern.compile("\\s*([\\w.$]+)\\s+required((?:\\s+" + OPTION + ")*)\\s*;\\s*");
  private static final Pattern EACH_OPTION = Pattern.compile(OPTION);
  private static final Set<String> OPTIONS = Set.of("username", "password", "tokenauth");

  private static final String REMEDY =
      "Write org.apache.kafka.common.security.scram.ScramLoginModule (or plain.PlainLoginModule)"
          + " required username=\"…\" password=\"${env:NAME}\"; with both values in double quotes.";

  @Override
  public Optional<Objection> objection(String value) {
    Matcher login = FORM.matcher(value);
    if (!login.matches()) {
      return Optional.of(new Objection("is not a supported login", REMEDY));
    }
    if (!MODULES.contains(login.group(1))) {
      return Optional.of(new Objection("names a login module that is not allowed", REMEDY));
    }
    boolean known =
        EACH_OPTION
            .matcher(login.group(2))
            .results()
            .allMatch(option -> OPTIONS.contains(option.group(1)));
    return known
        ? Optional.empty()
        : Optional.of(new Objection("has a login option that is not allowed", REMEDY));
  }
}

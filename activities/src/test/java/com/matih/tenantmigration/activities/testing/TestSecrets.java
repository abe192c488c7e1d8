package com.matih.tenantmigration.activities.testing;

import com.matih.tenantmigration.activities.secrets.SecretResolver;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** Secrets for tests, whose requests may refer to whatever they like. */
public final class TestSecrets {

  /** A password of characters that mean something in addresses, settings, shells or scripts. */
  public static final String ODD = "p@ss:/w%41d?x=1&y#$\"'\\ `{}[]<>,;|ü€";

  private TestSecrets() {}

  /** Resolves {@code ${env:ODD}} alone. */
  public static SecretResolver ofOdd() {
    return of(name -> name.equals("ODD") ? ODD : null);
  }

  /** Resolves each name to what the function answers. */
  public static SecretResolver of(UnaryOperator<@Nullable String> environment) {
    return SecretResolver.ofOperator(environment);
  }
}

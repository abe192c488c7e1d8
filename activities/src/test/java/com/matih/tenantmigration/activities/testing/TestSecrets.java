package com.matih.tenantmigration.activities.testing;

import com.matih.tenantmigration.activities.secrets.SecretResolver;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** Secrets for tests, whose requests may refer to whatever they like. */
public final class TestSecrets {

  private TestSecrets() {}

  /** Resolves each name to what the function answers. */
  public static SecretResolver of(UnaryOperator<@Nullable String> environment) {
    return SecretResolver.ofOperator(environment);
  }
}

package com.matih.tenantmigration.activities.secrets;

import com.matih.tenantmigration.workflow.FailureType;
import com.matih.tenantmigration.workflow.MigrationException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Puts values in the place of secret references, {@code ${env:NAME}} and {@code ${file:PATH}},
 * alone or inside a string. Called at the moment a connection is opened; the values are kept
 * nowhere.
 */
public final class SecretResolver {

  private static final Pattern REFERENCE = Pattern.compile("\\$\\{(env|file):([^}]+)}");

  private final UnaryOperator<@Nullable String> environment;

  /** Resolves against the process' environment. */
  public SecretResolver() {
    this(System::getenv);
  }

  /** Resolves against another environment: name to value, or {@code null} where there is none. */
  public SecretResolver(UnaryOperator<@Nullable String> environment) {
    this.environment = environment;
  }

  /**
   * The text with every reference replaced.
   *
   * @throws MigrationException of type SECRET_MISSING, naming the reference, where it names nothing
   */
  public String resolve(String text) {
    return REFERENCE
        .matcher(text)
        .replaceAll(reference -> Matcher.quoteReplacement(value(reference)));
  }

  /**
   * The values of a text's references, which are not to be told where somebody repeats them.
   *
   * @throws MigrationException as {@link #resolve} does
   */
  public List<String> values(String text) {
    return REFERENCE.matcher(text).results().map(this::value).toList();
  }

  private String value(MatchResult reference) {
    return reference.group(1).equals("env")
        ? fromEnvironment(reference.group(2))
        : fromFile(reference.group(2));
  }

  /** {@link #resolve} for what may be left out. */
  public @Nullable String resolveOptional(@Nullable String text) {
    return text == null ? null : resolve(text);
  }

  private String fromEnvironment(String name) {
    String value = environment.apply(name);
    if (value == null) {
      throw new MigrationException(
          FailureType.SECRET_MISSING,
          "The worker's environment has no %s, which the request refers to as ${env:%s}. Set it and"
                  .formatted(name, name)
              + " restart the worker.");
    }
    return value;
  }

  private static String fromFile(String path) {
    try {
      return Files.readString(Path.of(path)).stripTrailing();
    } catch (IOException e) {
      throw new MigrationException(
          FailureType.SECRET_MISSING,
          "The worker cannot read the file %s, which the request refers to as ${file:%s}. Mount it"
                  .formatted(path, path)
              + " where the worker can read it.",
          e);
    }
  }
}

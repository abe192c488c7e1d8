package com.matih.tenantmigration.activities.secrets;

import com.matih.tenantmigration.workflow.FailureType;
import com.matih.tenantmigration.workflow.MigrationException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Puts values in the place of secret references, {@code ${env:NAME}} and {@code ${file:PATH}}, of
 * those that the operator lets requests refer to, and knows which hosts they may be sent to. Called
 * at the moment a connection is opened; the values are kept nowhere but among the {@link
 * ResolvedSecrets}, which are not to be told.
 */
public final class SecretResolver {

  private static final Pattern REFERENCE = Pattern.compile("\\$\\{(env|file):([^}]+)}");

  /** The user and password before an address' host; group 2. A reference may hold any character. */
  private static final Pattern USER_INFO =
      Pattern.compile(
          "([A-Za-z][A-Za-z0-9+.-]*://)((?:\\$\\{[^}]*}|[^/?#@])*)(@.*)", Pattern.DOTALL);

  private final UnaryOperator<@Nullable String> environment;
  private final AllowedReferences allowed;
  private final AllowedHosts hosts;

  /** Resolves against the process' environment, what is allowed where nobody says otherwise. */
  public SecretResolver() {
    this(System::getenv);
  }

  /**
   * Resolves against another environment, what is allowed where nobody says otherwise.
   *
   * @param environment name to value, or {@code null} where there is none
   */
  public SecretResolver(UnaryOperator<@Nullable String> environment) {
    this(environment, AllowedReferences.DEFAULT, AllowedHosts.DEFAULT);
  }

  /** Resolves what the operator allows. */
  public SecretResolver(
      UnaryOperator<@Nullable String> environment, AllowedReferences allowed, AllowedHosts hosts) {
    this.environment = environment;
    this.allowed = allowed;
    this.hosts = hosts;
  }

  /**
   * Resolves whatever it is given, for what the operator wrote and no request did.
   *
   * @param environment name to value, or {@code null} where there is none
   */
  public static SecretResolver ofOperator(UnaryOperator<@Nullable String> environment) {
    return new SecretResolver(
        environment,
        new AllowedReferences(List.of("*"), List.of("/")),
        new AllowedHosts(List.of("0.0.0.0/0", "::/0"), List.of()));
  }

  /** The hosts that requests may name. */
  public AllowedHosts hosts() {
    return hosts;
  }

  /**
   * The text with every reference replaced.
   *
   * @throws MigrationException of type SECRET_MISSING, naming the reference, where it names
   *     nothing, and of type BAD_REQUEST where the operator does not allow it
   */
  public String resolve(String text) {
    return resolve(text, value -> value);
  }

  /** {@link #resolve(String)}, each value written as the text around it needs. */
  public String resolve(String text, UnaryOperator<String> written) {
    return REFERENCE
        .matcher(text)
        .replaceAll(reference -> Matcher.quoteReplacement(written.apply(value(reference))));
  }

  /** {@link #resolve} for what may be left out. */
  public @Nullable String resolveOptional(@Nullable String text) {
    return text == null ? null : resolve(text);
  }

  /**
   * An address with the references before its host replaced. The value is taken as it is: whatever
   * means something in an address is encoded. Elsewhere in an address nothing is replaced.
   *
   * @throws MigrationException as {@link #resolve(String)} does
   */
  public String resolveAddress(String address) {
    Matcher parts = USER_INFO.matcher(address);
    return parts.matches()
        ? parts.group(1) + resolve(parts.group(2), SecretResolver::encoded) + parts.group(3)
        : address;
  }

  private static String encoded(String value) {
    return URLEncoder.encode(value, StandardCharsets.UTF_8).replace("+", "%20");
  }

  /**
   * A file that a client reads by itself, such as one with certificates, at its real place.
   *
   * @throws MigrationException as for a secret's file
   */
  public Path file(String path) {
    return SecretFile.locate(allowed, path, "the file " + path);
  }

  private String value(MatchResult reference) {
    String value =
        reference.group(1).equals("env")
            ? fromEnvironment(reference.group(2))
            : SecretFile.read(allowed, reference.group(2), reference.group()).stripTrailing();
    ResolvedSecrets.note(value);
    return value;
  }

  private String fromEnvironment(String name) {
    if (!allowed.allowsVariable(name)) {
      throw new MigrationException(
          FailureType.BAD_REQUEST,
          ("The request refers to ${env:%s}, which this worker does not allow. Use an"
                  + " allowed variable, or add the name to references.variables in the worker's"
                  + " configuration.")
              .formatted(name));
    }
    String value = environment.apply(name);
    if (value == null) {
      throw new MigrationException(
          FailureType.SECRET_MISSING,
          ("The variable %s, which the request refers to as ${env:%s}, is not set in"
                  + " the worker's environment. Set it and restart the worker.")
              .formatted(name, name));
    }
    return value;
  }
}

package com.matih.tenantmigration.activities.secrets;

import java.security.cert.CertPathBuilderException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateExpiredException;
import java.security.cert.CertificateNotYetValidException;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/**
 * What keeps a server and us from speaking TLS with one another, where trying again does not help.
 *
 * <p>A connection that broke in the middle of a handshake is none: it may pass.
 *
 * @param why such as "its certificate has expired", to follow the server's name and a colon
 * @param remedy what to do, as a sentence
 */
public record TlsProblem(String why, String remedy) {

  /** What JSSE, netty and the clients' own checks say of a name. */
  private static final Pattern OTHER_NAME =
      Pattern.compile(
          "(?i)no subject alternative|no name matching|doesn't match any of the subject"
              + "|does not match the certificate subject|doesn't match common name"
              + "|hostname .* could not be verified|certificate for the host");

  private static final Pattern NO_TLS =
      Pattern.compile("(?i)unrecognized SSL message|not an SSL/TLS record|plaintext connection");

  /** Those that tell of certificates and versions; others come with a server's restart too. */
  private static final Pattern ALERT =
      Pattern.compile(
          "(?i)received fatal alert: ((?:[a-z]+_)*certificate(?:_[a-z]+)*|unknown_ca|access_denied"
              + "|handshake_failure|protocol_version|insufficient_security|unrecognized_name)");

  /**
   * The problem, if it is one of TLS.
   *
   * @param trust the setting that names the CA, such as "objectStorage.source.caFile"
   */
  public static Optional<TlsProblem> of(Throwable thrown, String trust) {
    for (Throwable each = deepestFirst(thrown); each != null; each = above(thrown, each)) {
      Optional<TlsProblem> problem = ofOne(each, trust);
      if (problem.isPresent()) {
        return problem;
      }
    }
    return Optional.empty();
  }

  private static Throwable deepestFirst(Throwable thrown) {
    Throwable deepest = thrown;
    while (deepest.getCause() != null) {
      deepest = deepest.getCause();
    }
    return deepest;
  }

  private static @Nullable Throwable above(Throwable outermost, Throwable inner) {
    Throwable above = outermost == inner ? null : outermost;
    while (above != null && above.getCause() != inner) {
      above = above.getCause();
    }
    return above;
  }

  private static Optional<TlsProblem> ofOne(Throwable thrown, String trust) {
    String message = String.valueOf(thrown.getMessage());
    if (thrown instanceof CertificateExpiredException) {
      return problem("its certificate has expired (%s)".formatted(message), "Renew it.");
    }
    if (thrown instanceof CertificateNotYetValidException) {
      return problem(
          "its certificate is not valid yet (%s)".formatted(message),
          "Check the clocks of the server and of the worker.");
    }
    if (thrown instanceof CertPathBuilderException) {
      return problem(
          "its certificate was not signed by a CA that the worker trusts",
          "Name that CA's certificate: %s.".formatted(trust));
    }
    if (!(thrown instanceof SSLException || thrown instanceof CertificateException)) {
      return Optional.empty();
    }
    if (OTHER_NAME.matcher(message).find()) {
      return problem(
          "its certificate is for another host name (%s)".formatted(message),
          "Use a name in the address that the certificate has.");
    }
    if (NO_TLS.matcher(message).find()) {
      return problem(
          "it does not speak TLS on this port",
          "Correct the port, or write an address without TLS.");
    }
    Matcher alert = ALERT.matcher(message);
    return alert.find()
        ? problem(
            "it refused the TLS handshake (%s)".formatted(alert.group(1)),
            "See its log: it may want a client certificate, or another version of TLS.")
        : Optional.empty();
  }

  private static Optional<TlsProblem> problem(String why, String remedy) {
    return Optional.of(new TlsProblem(why, remedy));
  }
}

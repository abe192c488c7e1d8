package com.matih.tenantmigration.activities.kafka.client;

import com.matih.tenantmigration.activities.secrets.TlsProblem;
import com.matih.tenantmigration.workflow.FailureType;
import com.matih.tenantmigration.workflow.MigrationException;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.errors.ApiException;
import org.apache.kafka.common.errors.AuthenticationException;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.DisconnectException;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.UnsupportedSaslMechanismException;

/**
 * Turns what Kafka's clients throw into what an operator can read.
 *
 * <p>A client's own message stays in the worker's log, and that of a configuration error does not
 * even get there: it may quote {@code sasl.jaas.config}. Only what a broker says of a topic's name
 * or settings is passed on, which the request and the source topic hold in clear anyway.
 */
final class KafkaFailures {

  private KafkaFailures() {}

  /**
   * The failure, of a type that says whether another try may succeed.
   *
   * @param attempted what was attempted, and what it takes
   * @param cluster which cluster, such as "The shared Kafka cluster"
   */
  static MigrationException translate(Call attempted, String cluster, Throwable thrown) {
    Throwable cause = rootOf(thrown);
    if (cause instanceof MigrationException known) {
      return known;
    }
    if (cause instanceof InterruptException) {
      return new MigrationException(
          FailureType.CANCELLED,
          "Interrupted in an attempt to %s.".formatted(attempted.words()),
          thrown);
    }
    Optional<TlsProblem> tls =
        TlsProblem.of(thrown, "ssl.truststore.location in the cluster's properties");
    if (tls.isPresent()) {
      return new MigrationException(
          FailureType.BAD_REQUEST,
          "%s did not %s: %s. %s"
              .formatted(cluster, attempted.words(), tls.get().why(), tls.get().remedy()),
          thrown);
    }
    FailureType type = typeOf(cause);
    return new MigrationException(
        type,
        "%s did not %s: %s".formatted(cluster, attempted.words(), explain(attempted, type, cause)),
        mayQuoteASetting(thrown) ? null : thrown);
  }

  /** Whether the text of what was thrown may hold a property's value, and so a secret. */
  private static boolean mayQuoteASetting(Throwable thrown) {
    for (Throwable each = thrown; each != null; each = each.getCause()) {
      if (each instanceof ConfigException || each instanceof IllegalArgumentException) {
        return true;
      }
    }
    return false;
  }

  private static FailureType typeOf(Throwable cause) {
    if (cause instanceof AuthenticationException || cause instanceof AuthorizationException) {
      return FailureType.PERMISSION_DENIED;
    }
    if (cause instanceof TimeoutException
        || cause instanceof DisconnectException
        || isUnresolvable(cause)) {
      return FailureType.STORE_UNREACHABLE;
    }
    return cause instanceof ConfigException ? FailureType.BAD_REQUEST : KafkaErrors.typeOf(cause);
  }

  private static String explain(Call attempted, FailureType type, Throwable cause) {
    String name = cause.getClass().getSimpleName();
    return switch (type) {
      case PERMISSION_DENIED -> explainDenial(attempted, cause);
      case WRITER_SUPERSEDED ->
          "a newer attempt has taken over the transactional id (%s).".formatted(name);
      case STORE_UNREACHABLE ->
          ("it could not be reached in time (%s). Check bootstrapServers, the network"
                      + " and the security")
                  .formatted(name)
              + " protocol.";
      case NOT_MOVABLE ->
          ("a record is larger than the brokers accept (%s). Remove the topic from"
                  + " the request, or raise the brokers' limit.")
              .formatted(name);
      case DATA_REJECTED ->
          ("%s (%s). Retrying cannot help. Correct the topic's settings, or remove"
                  + " the topic from the request.")
              .formatted(cause.getMessage(), name);
      default -> explainOther(cause, name);
    };
  }

  private static String explainDenial(Call attempted, Throwable cause) {
    String name = cause.getClass().getSimpleName();
    if (cause instanceof AuthorizationException) {
      return attempted.denied(cause);
    }
    if (cause instanceof UnsupportedSaslMechanismException) {
      return "%s (%s). Correct sasl.mechanism.".formatted(cause.getMessage(), name);
    }
    return cause instanceof AuthenticationException
        ? "it refused the user and password (%s). Check sasl.jaas.config.".formatted(name)
        : "its settings forbid it: %s (%s). Ask its operators.".formatted(cause.getMessage(), name);
  }

  private static String explainOther(Throwable cause, String name) {
    if (isAboutRequest(cause)) {
      return "%s (%s).".formatted(cause.getMessage(), name);
    }
    return mayQuoteASetting(cause)
        ? "the client rejects a setting (%s). Check the client properties.".formatted(name)
        : "%s; the worker's log has the details.".formatted(name);
  }

  /** What a broker says of names and settings. */
  private static boolean isAboutRequest(Throwable cause) {
    return cause instanceof ApiException && KafkaErrors.typeOf(cause) == FailureType.BAD_REQUEST;
  }

  private static boolean isUnresolvable(Throwable cause) {
    String message = cause.getMessage();
    return cause instanceof ConfigException
        && message != null
        && message.contains("No resolvable bootstrap urls");
  }

  /** Below the wrappers that say nothing of their own. */
  private static Throwable rootOf(Throwable thrown) {
    Throwable cause = thrown;
    while (cause.getCause() != null
        && (cause instanceof ExecutionException
            || cause instanceof CompletionException
            || cause.getClass() == KafkaException.class)) {
      cause = cause.getCause();
    }
    return cause.getClass() == KafkaException.class ? KafkaErrors.quotedBy(cause) : cause;
  }
}

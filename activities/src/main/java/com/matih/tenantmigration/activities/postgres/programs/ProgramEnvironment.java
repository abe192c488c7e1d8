package com.matih.tenantmigration.activities.postgres.programs;

import java.util.Map;
import java.util.Set;

/**
 * What a program gets of the worker's environment, which has the secrets of all requests: what the
 * system, the linker, OpenSSL and Kerberos look for, and nothing else.
 */
final class ProgramEnvironment {

  private static final Set<String> PASSED_ON =
      Set.of(
          "PATH",
          "HOME",
          "USER",
          "LOGNAME",
          "TMPDIR",
          "TZ",
          "LD_LIBRARY_PATH",
          "LD_PRELOAD",
          "NSS_WRAPPER_PASSWD",
          "NSS_WRAPPER_GROUP",
          "OPENSSL_CONF",
          "SSL_CERT_FILE",
          "SSL_CERT_DIR",
          "KRB5_CONFIG",
          "KRB5CCNAME",
          "KRB5_KTNAME",
          "KRB5_CLIENT_KTNAME");

  private ProgramEnvironment() {}

  /** Removes all else. */
  static void limit(Map<String, String> environment) {
    environment.keySet().retainAll(PASSED_ON);
  }
}

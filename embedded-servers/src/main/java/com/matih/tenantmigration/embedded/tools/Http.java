package com.matih.tenantmigration.embedded.tools;

import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.Proxy;
import java.net.URI;

/** Asks an HTTP server whether it is there. */
public final class Http {

  private static final int TIMEOUT_MILLIS = 2_000;

  private Http() {}

  /** Whether a GET is answered with a status of success, whatever the proxy settings say. */
  public static boolean answers(String url) {
    try {
      HttpURLConnection connection =
          (HttpURLConnection) URI.create(url).toURL().openConnection(Proxy.NO_PROXY);
      connection.setConnectTimeout(TIMEOUT_MILLIS);
      connection.setReadTimeout(TIMEOUT_MILLIS);
      try {
        return connection.getResponseCode() / 100 == 2;
      } finally {
        connection.disconnect();
      }
    } catch (IOException e) {
      return false;
    }
  }
}

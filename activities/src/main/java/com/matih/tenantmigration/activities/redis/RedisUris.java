package com.matih.tenantmigration.activities.redis;

import com.matih.tenantmigration.activities.secrets.SecretResolver;
import io.lettuce.core.RedisURI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Puts secrets into a URI, in which many of a password's characters mean something else. */
final class RedisUris {

  private static final Pattern REFERENCE = Pattern.compile("\\$\\{[^}]+}");
  private static final String SCHEME_END = "://";

  private RedisUris() {}

  /**
   * The URI with its references resolved. A reference before the {@code @} stands for the secret as
   * it is and is encoded; elsewhere it stands for a part of the URI.
   *
   * @throws IllegalArgumentException where the result is no URI of a Redis
   */
  static RedisURI resolve(SecretResolver secrets, String uri) {
    int scheme = uri.indexOf(SCHEME_END);
    int at = uri.lastIndexOf('@');
    if (scheme < 0 || at < scheme) {
      return RedisURI.create(secrets.resolve(uri));
    }
    int credentials = scheme + SCHEME_END.length();
    StringBuilder resolved = new StringBuilder(uri.substring(0, credentials));
    Matcher matcher = REFERENCE.matcher(uri.substring(credentials, at));
    while (matcher.find()) {
      String secret = secrets.resolve(matcher.group());
      String encoded = URLEncoder.encode(secret, StandardCharsets.UTF_8).replace("+", "%20");
      matcher.appendReplacement(resolved, Matcher.quoteReplacement(encoded));
    }
    matcher.appendTail(resolved);
    return RedisURI.create(resolved + secrets.resolve(uri.substring(at)));
  }
}

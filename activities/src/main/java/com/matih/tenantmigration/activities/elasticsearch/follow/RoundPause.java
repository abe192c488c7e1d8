package com.matih.tenantmigration.activities.elasticsearch.follow;

import com.matih.tenantmigration.activities.elasticsearch.client.Indices;
import com.matih.tenantmigration.workflow.request.ElasticsearchSpec;
import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How long following waits between two rounds, each of which refreshes the shared index: as long as
 * that index waits itself between its refreshes, from 2 to 10 seconds. Each refresh makes a small
 * segment that the cluster has to merge later, which all tenants of the index pay for.
 */
final class RoundPause {

  private static final Duration SHORTEST = Duration.ofSeconds(2);
  private static final Duration LONGEST = Duration.ofSeconds(10);
  private static final Pattern INTERVAL = Pattern.compile("(\\d{1,9})(ms|s)");

  private RoundPause() {}

  /** The pause for all indices of a request, by the one that is refreshed least. */
  static Duration of(FollowedRequest request) {
    Duration longest = SHORTEST;
    for (ElasticsearchSpec.Index index : request.indices()) {
      String interval =
          Indices.source(request.shared(), index.from()).setting("refresh_interval").orElse("1s");
      Duration wanted = of(interval);
      longest = wanted.compareTo(longest) > 0 ? wanted : longest;
    }
    return longest;
  }

  /**
   * The pause for one refresh interval as a cluster writes it; one of minutes, or none, is long.
   */
  static Duration of(String interval) {
    Matcher parts = INTERVAL.matcher(interval);
    if (!parts.matches()) {
      return LONGEST;
    }
    long number = Long.parseLong(parts.group(1));
    Duration wanted =
        parts.group(2).equals("s") ? Duration.ofSeconds(number) : Duration.ofMillis(number);
    if (wanted.compareTo(SHORTEST) < 0) {
      return SHORTEST;
    }
    return wanted.compareTo(LONGEST) > 0 ? LONGEST : wanted;
  }
}

package com.matih.tenantmigration.activities.elasticsearch.plan;

import com.fasterxml.jackson.databind.JsonNode;
import com.matih.tenantmigration.activities.elasticsearch.client.Answer;
import com.matih.tenantmigration.activities.elasticsearch.client.SearchCluster;
import com.matih.tenantmigration.activities.engine.PlanNotes;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Whether a cluster is one that documents can be moved from and to: Elasticsearch 7.17, 8 and 9.
 */
final class ServerVersion {

  private static final Pattern NUMBER = Pattern.compile("(\\d{1,4})\\.(\\d{1,4})\\b.*");

  private ServerVersion() {}

  /** Nothing where the cluster does not say, as one behind a proxy may not. */
  static void judge(SearchCluster cluster, PlanNotes notes) {
    Answer answer = cluster.exchange("say which version it is", "GET", "/");
    if (!answer.isError()) {
      judge(cluster.name(), answer.json().path("version"), notes);
    }
  }

  static void judge(String cluster, JsonNode version, PlanNotes notes) {
    String number = version.path("number").asText("");
    String distribution = version.path("distribution").asText("");
    if (!distribution.isEmpty()) {
      notes.refuse(
          cluster,
          "It is %s %s, which reads and compares documents in other ways than Elasticsearch."
              .formatted(distribution, number),
          "Leave elasticsearch out, and move its documents by other means.");
      return;
    }
    Matcher parts = NUMBER.matcher(number);
    if (!parts.matches()) {
      return;
    }
    int major = Integer.parseInt(parts.group(1));
    if (major < 7 || (major == 7 && Integer.parseInt(parts.group(2)) < 17)) {
      notes.refuse(
          cluster,
          "It is Elasticsearch %s. Supported are 7.17, 8 and 9.".formatted(number),
          "Upgrade it.");
    } else if (major > 9) {
      notes.warn(
          cluster,
          "It is Elasticsearch %s, which is newer than the supported 7.17, 8 and 9."
              .formatted(number));
    }
  }
}

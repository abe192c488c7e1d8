package com.matih.tenantmigration.activities.elasticsearch;

/** Which ingest pipelines a cluster has. */
final class Pipelines {

  private Pipelines() {}

  static boolean exists(SearchCluster cluster, String name) {
    String attempted = "look for ingest pipeline " + name;
    Answer answer =
        cluster.exchange(attempted, "GET", "/_ingest/pipeline/" + SearchCluster.encode(name));
    return !answer.isMissing() && !cluster.require(attempted, answer).isError();
  }
}

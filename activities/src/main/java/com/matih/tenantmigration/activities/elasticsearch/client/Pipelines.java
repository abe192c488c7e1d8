package com.matih.tenantmigration.activities.elasticsearch.client;

/** Which ingest pipelines a cluster has. */
public final class Pipelines {

  private Pipelines() {}

  public static boolean exists(SearchCluster cluster, String name) {
    String attempted = "look for ingest pipeline " + name;
    Answer answer =
        cluster.exchange(attempted, "GET", "/_ingest/pipeline/" + SearchCluster.encode(name));
    return !answer.isMissing() && !cluster.require(attempted, answer).isError();
  }
}

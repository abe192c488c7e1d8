package com.matih.tenantmigration.workflow.request.validation;

import com.matih.tenantmigration.workflow.request.ElasticsearchSpec;
import com.matih.tenantmigration.workflow.request.ElasticsearchSpec.Cluster;
import com.matih.tenantmigration.workflow.request.ElasticsearchSpec.Index;
import com.matih.tenantmigration.workflow.request.MigrationRequest;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What is wrong with a request's part for Elasticsearch. */
final class ElasticsearchProblems {

  /** The create-index API's rules; a comma, colon or star would name something else. */
  private static final Pattern INDEX =
      Pattern.compile("[^-_+\\\\/*?\"<>| ,#:A-Z.][^\\\\/*?\"<>| ,#:A-Z]*");

  private static final int LONGEST_NAME = 255;
  private static final int MOST_INDICES = 1_000;

  private ElasticsearchProblems() {}

  @SuppressWarnings("ConstantValue") // Jackson hands over null for what the file leaves out
  static void find(Problems problems, MigrationRequest request) {
    ElasticsearchSpec elasticsearch = request.elasticsearch();
    if (elasticsearch == null) {
      return;
    }
    cluster(problems, elasticsearch.source(), "elasticsearch.source");
    cluster(problems, elasticsearch.target(), "elasticsearch.target");
    boolean sameCluster =
        elasticsearch.source() != null
            && elasticsearch.target() != null
            && elasticsearch.source().url() != null
            && SamePlace.same(elasticsearch.source().url(), elasticsearch.target().url());
    List<Index> indices = elasticsearch.indices();
    problems.require(
        !indices.isEmpty(),
        "elasticsearch.indices",
        "is empty",
        "Name an index, or remove elasticsearch.");
    problems.count(indices, MOST_INDICES, "elasticsearch.indices");
    for (int i = 0; i < indices.size(); i++) {
      String path = "elasticsearch.indices[" + i + "]";
      Index index = indices.get(i);
      name(problems, index.from(), path + ".from");
      name(problems, index.to(), path + ".to");
      problems.text(index.tenantField(), path + ".tenantField");
      problems.require(
          !sameCluster || index.from() == null || !index.from().equals(index.to()),
          path + ".to",
          "is the source",
          "Name the tenant's own index.");
    }
    problems.distinct(indices, Index::from, "elasticsearch.indices", "from");
    problems.distinct(indices, Index::to, "elasticsearch.indices", "to");
  }

  private static void cluster(Problems problems, @Nullable Cluster cluster, String path) {
    if (problems.present(cluster, path) && cluster != null) {
      Addresses.server(problems, cluster.url(), path + ".url", true);
      Secrets.requireReference(problems, cluster.apiKey(), path + ".apiKey");
      Addresses.caFile(problems, cluster.caFile(), path + ".caFile", cluster.url());
    }
  }

  private static void name(Problems problems, @Nullable String name, String path) {
    if (problems.text(name, path) && name != null) {
      problems.require(
          INDEX.matcher(name).matches()
              && name.getBytes(StandardCharsets.UTF_8).length <= LONGEST_NAME,
          path,
          "is not the name of one index",
          "Write lower-case letters, digits, dots, dashes and underscores, without wildcards.");
    }
  }
}

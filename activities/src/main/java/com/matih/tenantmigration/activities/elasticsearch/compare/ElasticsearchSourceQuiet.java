package com.matih.tenantmigration.activities.elasticsearch.compare;

import com.matih.tenantmigration.activities.elasticsearch.client.ElasticsearchClients;
import com.matih.tenantmigration.activities.elasticsearch.client.ElasticsearchNames;
import com.matih.tenantmigration.activities.elasticsearch.client.IndexDefinition;
import com.matih.tenantmigration.activities.elasticsearch.client.Indices;
import com.matih.tenantmigration.activities.elasticsearch.client.SearchCluster;
import com.matih.tenantmigration.activities.engine.Finding;
import com.matih.tenantmigration.activities.engine.ProgressMonitor;
import com.matih.tenantmigration.activities.engine.SourceQuietProbe;
import com.matih.tenantmigration.activities.secrets.SecretResolver;
import com.matih.tenantmigration.controlplane.MigrationJournal;
import com.matih.tenantmigration.workflow.MigrationContext;
import com.matih.tenantmigration.workflow.request.ElasticsearchSpec;
import java.util.List;
import java.util.Optional;

/**
 * Looks whether the tenant's documents in the shared indices are still those that the copy began
 * with, or that the last round did.
 */
public final class ElasticsearchSourceQuiet implements SourceQuietProbe {

  private final ElasticsearchClients clients;
  private final MigrationJournal journal;

  public ElasticsearchSourceQuiet(SecretResolver secrets, MigrationJournal journal) {
    this.clients = new ElasticsearchClients(secrets);
    this.journal = journal;
  }

  @Override
  public Finding findWrites(MigrationContext context, ProgressMonitor monitor) {
    ElasticsearchSpec spec = context.spec(ElasticsearchSpec.class);
    Finding finding = new Finding();
    long documents = 0;
    try (SearchCluster shared = clients.shared(spec, monitor)) {
      for (ElasticsearchSpec.Index index : spec.indices()) {
        documents += look(context, index, shared, finding);
      }
    }
    return documents == 0 && finding.mismatchCount() == 0
        ? Finding.notApplicable("the tenant has no documents in the shared indices")
        : finding;
  }

  private long look(
      MigrationContext context,
      ElasticsearchSpec.Index index,
      SearchCluster shared,
      Finding finding) {
    List<IndexDefinition> found = Indices.resolve(shared, index.from());
    Optional<QuietBaseline> before =
        journal.recall(
            context.migrationId(),
            ElasticsearchNames.STORE,
            ElasticsearchNames.quietNote(index.from()),
            QuietBaseline.class);
    if (found.size() != 1 || before.isEmpty()) {
      finding.compared(1);
      finding.mismatch(
          found.size() != 1
              ? "elasticsearch index %s: it no longer exists".formatted(index.from())
              : "elasticsearch index %s: the copy recorded no state to compare with"
                  .formatted(index.from()));
      return 0;
    }
    QuietBaseline now =
        QuietBaseline.read(
            shared, found.get(0), index.tenantField(), context.request().tenantKey());
    String since =
        switch (context.request().mode()) {
          case ONLINE -> "the last ones were carried over";
          case OFFLINE -> "the copy began";
        };
    compare(index.from(), before.get(), now, since, finding);
    return now.total();
  }

  private static void compare(
      String index, QuietBaseline before, QuietBaseline now, String since, Finding finding) {
    finding.compared(Math.max(1, now.total()));
    if (!now.uuid().equals(before.uuid())) {
      finding.mismatch("elasticsearch index %s: it was replaced by another index".formatted(index));
    } else if (now.total() != before.total()) {
      finding.mismatch(
          "elasticsearch index %s: the number of the tenant's documents was %d and is %d"
              .formatted(index, before.total(), now.total()));
    } else if (!now.equals(before)) {
      finding.mismatch(
          "elasticsearch index %s: documents of the tenant were written since %s"
              .formatted(index, since));
    }
  }
}

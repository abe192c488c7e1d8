package com.matih.tenantmigration.activities.elasticsearch;

import com.matih.tenantmigration.activities.elasticsearch.plan.IndexPlanner;
import com.matih.tenantmigration.activities.testing.CancellableMonitor;
import com.matih.tenantmigration.activities.testing.Silence;
import com.matih.tenantmigration.activities.testing.SilentStoreContract;
import com.matih.tenantmigration.embedded.ElasticsearchServer;
import com.matih.tenantmigration.embedded.testing.SilencedProxy;
import com.matih.tenantmigration.embedded.testing.TestServers;
import com.matih.tenantmigration.workflow.MigrationContext;
import java.io.IOException;
import java.net.URI;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** A cancel while one of the two clusters answers nothing any more, in each phase that uses it. */
@Execution(ExecutionMode.CONCURRENT) // they wait, each for what is its own
class SilentElasticsearchIT extends IndexLab
    implements SilentStoreContract<SilentElasticsearchIT.Phase> {

  private SilencedProxy sharedProxy;
  private SilencedProxy dedicatedProxy;

  /** Which side falls silent, and the text on whose arrival it does. */
  enum Phase implements SilentStoreContract.Phase {
    PLAN(true, "HTTP/1.1"),
    PROVISION(false, "HTTP/1.1"),
    COPY_READS(true, "_search"),
    COPY_WRITES(false, "_bulk"),
    VERIFY(true, "_search"),
    REMOVE(false, "HTTP/1.1");

    private final boolean isShared;
    private final String text;

    Phase(boolean isShared, String text) {
      this.isShared = isShared;
      this.text = text;
    }

    @Override
    public boolean isShared() {
      return isShared;
    }

    @Override
    public String text() {
      return text;
    }

    @Override
    public boolean isAsked() {
      return this == COPY_READS || this == COPY_WRITES;
    }
  }

  static Stream<Phase> phases() {
    return Stream.of(Phase.values());
  }

  @Override
  public SilencedProxy sharedProxy() {
    return sharedProxy;
  }

  @Override
  public SilencedProxy dedicatedProxy() {
    return dedicatedProxy;
  }

  @BeforeEach
  void openProxies() throws IOException {
    index.fill(20);
    sharedProxy = before(TestServers.elasticsearch());
    dedicatedProxy = before(TestServers.dedicatedElasticsearch());
  }

  @AfterEach
  void closeProxies() throws IOException {
    sharedProxy.close();
    dedicatedProxy.close();
  }

  @Override
  public Silence.Work prepare(Phase phase) {
    if (phase.compareTo(Phase.COPY_READS) >= 0) {
      provisioner.provision(context, MONITOR);
    }
    if (phase.compareTo(Phase.VERIFY) >= 0) {
      var unused = copier.copy(context, MONITOR);
    }
    MigrationContext proxied =
        index.context(
            migrationId, sharedProxy.inUrl(shared.url()), dedicatedProxy.inUrl(dedicated.url()));
    return monitor -> work(phase, proxied, monitor);
  }

  private void work(Phase phase, MigrationContext proxied, CancellableMonitor monitor) {
    Object unused =
        switch (phase) {
          case PLAN -> new IndexPlanner(clients).plan(proxied, monitor);
          case PROVISION -> {
            provisioner.provision(proxied, monitor);
            yield phase;
          }
          case COPY_READS, COPY_WRITES -> copier.copy(proxied, monitor);
          case VERIFY -> comparison.compare(proxied, monitor);
          case REMOVE -> remover.deleteIndices(proxied, monitor);
        };
  }

  private static SilencedProxy before(ElasticsearchServer server) throws IOException {
    return SilencedProxy.before(URI.create(server.url()).getPort());
  }
}

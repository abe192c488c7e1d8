package com.matih.tenantmigration.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import com.matih.tenantmigration.embedded.process.ServerFolder;
import com.matih.tenantmigration.embedded.testing.NeedsTemporalServer;
import com.matih.tenantmigration.embedded.testing.TestServers;
import com.matih.tenantmigration.embedded.tools.Http;
import io.temporal.client.WorkflowClient;
import io.temporal.client.WorkflowOptions;
import io.temporal.common.SearchAttributeKey;
import io.temporal.common.SearchAttributes;
import io.temporal.serviceclient.WorkflowServiceStubs;
import io.temporal.serviceclient.WorkflowServiceStubsOptions;
import io.temporal.worker.WorkerFactory;
import io.temporal.workflow.Workflow;
import io.temporal.workflow.WorkflowInterface;
import io.temporal.workflow.WorkflowMethod;
import org.junit.jupiter.api.Test;

class TemporalServerIT {

  /** Answers with the tenant that the search attributes name. */
  @WorkflowInterface
  public interface Greeting {
    @WorkflowMethod
    String greet();
  }

  /** Its only implementation. */
  public static final class GreetingWorkflow implements Greeting {

    @Override
    public String greet() {
      return "hello, "
          + Workflow.getTypedSearchAttributes().get(SearchAttributeKey.forKeyword("TenantId"));
    }
  }

  @Test
  void aWorkflowStartedWithTheMigrationsSearchAttributesRunsToItsEnd() {
    WorkflowServiceStubs service =
        WorkflowServiceStubs.newServiceStubs(
            WorkflowServiceStubsOptions.newBuilder()
                .setTarget(TestServers.temporal().address())
                .build());
    try {
      WorkflowClient client = WorkflowClient.newInstance(service);
      WorkerFactory workers = WorkerFactory.newInstance(client);
      workers.newWorker("it").registerWorkflowImplementationTypes(GreetingWorkflow.class);
      workers.start();

      String answer =
          client
              .newWorkflowStub(
                  Greeting.class,
                  WorkflowOptions.newBuilder()
                      .setTaskQueue("it")
                      .setWorkflowId("greeting")
                      .setTypedSearchAttributes(
                          SearchAttributes.newBuilder()
                              .set(SearchAttributeKey.forKeyword("TenantId"), "acme")
                              .set(SearchAttributeKey.forKeyword("MigrationPhase"), "COPY")
                              .set(SearchAttributeKey.forKeyword("MigrationOutcome"), "RUNNING")
                              .build())
                      .build())
              .greet();

      assertThat(answer).isEqualTo("hello, acme");
      workers.shutdownNow();
    } finally {
      service.shutdownNow();
    }
  }

  @NeedsTemporalServer
  @Test
  void aRealServerHasAUserInterfaceAndListsItsWorkflows() {
    Temporal temporal = TestServers.temporal();

    assertThat(temporal.inMemory()).isFalse();
    assertThat(temporal.description()).contains("server start-dev");
    String ui = temporal.ui().orElseThrow();
    assertThat(Http.answers(ui)).isTrue();
    assertThat(Http.answers(ui + "/api/v1/namespaces/default/workflows")).isTrue();
  }

  @Test
  void theInMemoryServerSaysThatItIsOneAndHasNoUserInterface() {
    try (ServerFolder folder = ServerFolder.temporary("temporal-it-");
        TemporalServer server = TemporalServer.startInMemory(folder, "temporal")) {
      assertThat(server.inMemory()).isTrue();
      assertThat(server.ui()).isEmpty();
      assertThat(server.description()).contains("in-memory", "bin/install-temporal");
    }
  }
}

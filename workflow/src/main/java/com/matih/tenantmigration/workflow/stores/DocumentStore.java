package com.matih.tenantmigration.workflow.stores;

import com.matih.tenantmigration.workflow.Compensation;
import com.matih.tenantmigration.workflow.MigrationContext;
import com.matih.tenantmigration.workflow.Step;
import com.matih.tenantmigration.workflow.StoreName;
import com.matih.tenantmigration.workflow.activity.ElasticsearchActivities;
import com.matih.tenantmigration.workflow.activity.Following;
import com.matih.tenantmigration.workflow.report.PlanFindings;
import com.matih.tenantmigration.workflow.request.ElasticsearchSpec;
import com.matih.tenantmigration.workflow.temporal.Stubs;
import java.util.List;

/** The tenant's documents. */
final class DocumentStore extends Store {

  private final ElasticsearchSpec spec;
  private final Stubs<ElasticsearchActivities> documents =
      Stubs.of(ElasticsearchActivities.class, context);

  DocumentStore(MigrationContext context, ElasticsearchSpec spec) {
    super(StoreName.ELASTICSEARCH, context);
    this.spec = spec;
  }

  @Override
  public PlanFindings plan() {
    return documents.preflight().plan(context);
  }

  @Override
  public void provision(StepRunner steps) {
    steps.register(deleteIndices());
    documents.patient().provision(context);
  }

  @Override
  public void copy(StepRunner steps) {
    steps.move(Step.COPY_DOCUMENTS, () -> working().bulk().copy(now()));
  }

  @Override
  public void follow(StepRunner steps, Following following) {
    steps.follow(name(), () -> working().following().follow(now(), following));
  }

  @Override
  public void drain(StepRunner steps) {
    steps.drain(Step.DRAIN_DOCUMENTS, () -> documents.step().drain(context));
  }

  private Stubs<ElasticsearchActivities> working() {
    return Stubs.of(ElasticsearchActivities.class, now());
  }

  @Override
  public List<CleanupStep> cleanup() {
    return List.of(
        new CleanupStep(
            Step.REMOVE_WRITE_ALIAS, () -> documents.moment().removeWriteAlias(context)));
  }

  @Override
  public List<RollbackAction> rollback() {
    return List.of(deleteIndices());
  }

  private RollbackAction deleteIndices() {
    List<String> indices = spec.indices().stream().map(ElasticsearchSpec.Index::to).toList();
    String url = ManualCommands.address(spec.target().url());
    return new RollbackAction(
        Compensation.DELETE_INDICES,
        "the dedicated indices " + ManualCommands.list(indices),
        ManualCommands.bounded(
            indices.stream()
                .map(
                    index ->
                        "curl -X DELETE %s, with its aliases"
                            .formatted(ManualCommands.word(url + "/" + index)))
                .toList()),
        reason -> documents.cleaning().deleteIndices(context));
  }
}

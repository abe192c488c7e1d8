package com.matih.tenantmigration.starter;

import com.matih.tenantmigration.workflow.Outcome;
import com.matih.tenantmigration.workflow.Phase;
import com.matih.tenantmigration.workflow.TemporalNames;
import io.grpc.StatusRuntimeException;
import io.temporal.api.enums.v1.IndexedValueType;
import io.temporal.api.operatorservice.v1.ListSearchAttributesRequest;
import io.temporal.client.WorkflowClient;
import io.temporal.common.SearchAttributeKey;
import io.temporal.common.SearchAttributes;
import io.temporal.serviceclient.OperatorServiceStubs;
import io.temporal.serviceclient.OperatorServiceStubsOptions;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Gives a migration its search attributes where the namespace has them, and none elsewhere. */
final class SearchAttributeSupport {

  private static final Logger log = LoggerFactory.getLogger(SearchAttributeSupport.class);
  private static final List<SearchAttributeKey<String>> KEYS =
      List.of(
          TemporalNames.TENANT_ID, TemporalNames.MIGRATION_PHASE, TemporalNames.MIGRATION_OUTCOME);

  private SearchAttributeSupport() {}

  static SearchAttributes forTenant(WorkflowClient client, String tenant) {
    if (!hasAll(client)) {
      return SearchAttributes.EMPTY;
    }
    return SearchAttributes.newBuilder()
        .set(TemporalNames.TENANT_ID, tenant)
        .set(TemporalNames.MIGRATION_PHASE, Phase.PREFLIGHT.name())
        .set(TemporalNames.MIGRATION_OUTCOME, Outcome.RUNNING.name())
        .build();
  }

  private static boolean hasAll(WorkflowClient client) {
    OperatorServiceStubs operator =
        OperatorServiceStubs.newServiceStubs(
            OperatorServiceStubsOptions.newBuilder()
                .setChannel(client.getWorkflowServiceStubs().getRawChannel())
                .validateAndBuildWithDefaults());
    try {
      Map<String, IndexedValueType> known =
          operator
              .blockingStub()
              .listSearchAttributes(
                  ListSearchAttributesRequest.newBuilder()
                      .setNamespace(client.getOptions().getNamespace())
                      .build())
              .getCustomAttributesMap();
      return KEYS.stream()
          .allMatch(key -> known.get(key.getName()) == IndexedValueType.INDEXED_VALUE_TYPE_KEYWORD);
    } catch (StatusRuntimeException e) {
      // a namespace whose attributes we may not list is one without them
      log.debug("the namespace does not tell its search attributes", e);
      return false;
    }
  }
}

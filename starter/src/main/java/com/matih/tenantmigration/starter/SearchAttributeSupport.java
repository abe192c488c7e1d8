package com.matih.tenantmigration.starter;

import com.matih.tenantmigration.workflow.Outcome;
import com.matih.tenantmigration.workflow.Phase;
import com.matih.tenantmigration.workflow.TemporalNames;
import io.grpc.StatusRuntimeException;
import io.temporal.api.enums.v1.IndexedValueType;
import io.temporal.api.operatorservice.v1.AddSearchAttributesRequest;
import io.temporal.api.operatorservice.v1.ListSearchAttributesRequest;
import io.temporal.api.operatorservice.v1.OperatorServiceGrpc.OperatorServiceBlockingStub;
import io.temporal.client.WorkflowClient;
import io.temporal.common.SearchAttributeKey;
import io.temporal.common.SearchAttributes;
import io.temporal.serviceclient.OperatorServiceStubs;
import io.temporal.serviceclient.OperatorServiceStubsOptions;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The search attributes of a migration: set where the namespace has them, never required, and
 * registered on wish.
 */
final class SearchAttributeSupport {

  private static final Logger log = LoggerFactory.getLogger(SearchAttributeSupport.class);
  private static final IndexedValueType TYPE = IndexedValueType.INDEXED_VALUE_TYPE_KEYWORD;
  private static final List<String> NAMES =
      List.of(
              TemporalNames.TENANT_ID,
              TemporalNames.MIGRATION_PHASE,
              TemporalNames.MIGRATION_OUTCOME)
          .stream()
          .map(SearchAttributeKey::getName)
          .toList();

  private final WorkflowClient client;
  private final String namespace;

  SearchAttributeSupport(WorkflowClient client) {
    this.client = client;
    this.namespace = client.getOptions().getNamespace();
  }

  SearchAttributes forTenant(String tenant) {
    if (!hasAll()) {
      return SearchAttributes.EMPTY;
    }
    return SearchAttributes.newBuilder()
        .set(TemporalNames.TENANT_ID, tenant)
        .set(TemporalNames.MIGRATION_PHASE, Phase.PREFLIGHT.name())
        .set(TemporalNames.MIGRATION_OUTCOME, Outcome.RUNNING.name())
        .build();
  }

  private boolean hasAll() {
    try {
      Map<String, IndexedValueType> known = known();
      return NAMES.stream().allMatch(name -> known.get(name) == TYPE);
    } catch (StatusRuntimeException e) {
      // a namespace whose attributes we may not list is one without them
      log.debug("cannot read the namespace's search attributes", e);
      return false;
    }
  }

  /**
   * Registers those that the namespace lacks.
   *
   * @throws OperationRejectedException where one is registered with another type
   * @throws UnreachableException where Temporal does not let us
   */
  NamespaceSetup register() {
    try {
      Map<String, IndexedValueType> known = known();
      List<String> present = new ArrayList<>();
      List<String> missing = new ArrayList<>();
      for (String name : NAMES) {
        IndexedValueType type = known.get(name);
        if (type == null) {
          missing.add(name);
        } else if (type == TYPE) {
          present.add(name);
        } else {
          throw otherType(name, type);
        }
      }
      if (!missing.isEmpty()) {
        AddSearchAttributesRequest.Builder request =
            AddSearchAttributesRequest.newBuilder().setNamespace(namespace);
        missing.forEach(name -> request.putSearchAttributes(name, TYPE));
        var unused = operator().addSearchAttributes(request.build());
      }
      return new NamespaceSetup(namespace, missing, present);
    } catch (StatusRuntimeException e) {
      throw notLet(e);
    }
  }

  private OperationRejectedException otherType(String name, IndexedValueType type) {
    return new OperationRejectedException(
        ("Namespace %s has a search attribute %s of type %s; a migration needs it as Keyword."
                + " Remove it there if nobody uses it; migrations run without it until then.")
            .formatted(
                namespace,
                name,
                type.name().replace("INDEXED_VALUE_TYPE_", "").toLowerCase(Locale.ROOT)));
  }

  private UnreachableException notLet(StatusRuntimeException e) {
    String remedy =
        switch (e.getStatus().getCode()) {
          case PERMISSION_DENIED, UNAUTHENTICATED, UNIMPLEMENTED ->
              "Ask an administrator of the namespace to register %s as Keyword."
                  .formatted(String.join(", ", NAMES));
          case NOT_FOUND -> "There is no such namespace: check TEMPORAL_NAMESPACE.";
          default -> "Check Temporal's health and try again.";
        };
    return new UnreachableException(
        "The search attributes of namespace %s could not be registered (%s). %s"
            .formatted(namespace, e.getStatus().getCode(), remedy),
        e);
  }

  private Map<String, IndexedValueType> known() {
    return operator()
        .listSearchAttributes(
            ListSearchAttributesRequest.newBuilder().setNamespace(namespace).build())
        .getCustomAttributesMap();
  }

  private OperatorServiceBlockingStub operator() {
    return OperatorServiceStubs.newServiceStubs(
            OperatorServiceStubsOptions.newBuilder()
                .setChannel(client.getWorkflowServiceStubs().getRawChannel())
                .validateAndBuildWithDefaults())
        .blockingStub();
  }
}

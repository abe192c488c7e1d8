package com.matih.tenantmigration.workflow.migration;

import com.google.protobuf.ByteString;
import com.matih.tenantmigration.workflow.TemporalNames;
import com.matih.tenantmigration.workflow.request.MigrationRequest;
import com.matih.tenantmigration.workflow.request.Mode;
import com.matih.tenantmigration.workflow.request.validation.RequestProblem;
import com.matih.tenantmigration.workflow.request.validation.RequestProblems;
import com.matih.tenantmigration.workflow.request.validation.RequestReader;
import com.matih.tenantmigration.workflow.request.validation.RequestReading;
import com.matih.tenantmigration.workflow.temporal.WorkflowChange;
import io.temporal.api.common.v1.Payload;
import io.temporal.common.converter.EncodingKeys;
import io.temporal.common.converter.RawValue;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a workflow was started with: a request, and all that is wrong with it.
 *
 * <p>It is read here and not by Temporal's converter. An input that the converter cannot read fails
 * the workflow task, which is tried for ever and takes no cancel: whoever types JSON past the
 * starter must not be able to hold a tenant's id that way.
 *
 * @param request what could be read of it
 * @param problems what a migration is refused for; none for a request that can be tried
 */
record WorkflowInput(MigrationRequest request, List<RequestProblem> problems) {

  private static final String JSON = "json/plain";
  private static final String NOTHING = "binary/null";

  WorkflowInput {
    problems = List.copyOf(problems);
  }

  /** Reads an input, whatever it is; {@code null} for one that was left out. */
  static WorkflowInput of(@Nullable RawValue input) {
    String encoding = input == null ? NOTHING : encoding(input.getPayload());
    if (input == null || encoding.equals(NOTHING)) {
      MigrationRequest leftOut = MigrationRequest.leftOut();
      return new WorkflowInput(leftOut, RequestProblems.of(leftOut));
    }
    if (!encoding.equals(JSON)) {
      return new WorkflowInput(
          MigrationRequest.leftOut(),
          List.of(
              new RequestProblem(
                  "", "is not encoded as JSON", "Start it with the request as JSON.")));
    }
    RequestReading reading =
        RequestReader.ofInput().read(input.getPayload().getData().toStringUtf8());
    return new WorkflowInput(
        reading
            .readable()
            .filter(WorkflowInput::hasTenant)
            .map(request -> reading.saysMode() ? request : request.in(modeByDefault()))
            .orElseGet(MigrationRequest::leftOut),
        reading.problems());
  }

  private static Mode modeByDefault() {
    return WorkflowChange.ONLINE_BY_DEFAULT.applies() ? Mode.ONLINE : Mode.OFFLINE;
  }

  /**
   * The same, refused where it is another tenant's than the workflow's id says. The id is what
   * keeps two migrations of one tenant apart.
   */
  WorkflowInput ofTenant(String tenant) {
    if (!problems.isEmpty() || request.tenant().equals(tenant)) {
      return this;
    }
    return new WorkflowInput(
        request,
        List.of(
            new RequestProblem(
                "tenant",
                "is %s, and the workflow's id is that of tenant %s"
                    .formatted(request.tenant(), tenant),
                "Start the migration with the workflow id %s."
                    .formatted(TemporalNames.workflowId(request.tenant())))));
  }

  /** Without a tenant's id in it nothing of a request is put on record under one. */
  private static boolean hasTenant(MigrationRequest request) {
    return RequestProblems.of(request).stream()
        .noneMatch(problem -> problem.path().equals("tenant"));
  }

  private static String encoding(Payload payload) {
    return payload
        .getMetadataOrDefault(EncodingKeys.METADATA_ENCODING_KEY, ByteString.EMPTY)
        .toStringUtf8();
  }
}

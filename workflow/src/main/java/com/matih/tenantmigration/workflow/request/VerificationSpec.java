package com.matih.tenantmigration.workflow.request;

import java.util.List;

/**
 * What is verified beyond the data itself.
 *
 * @param api addresses that must answer 200 on the live route
 * @param queries queries that must answer the same on both sides; {@code {schema}} and {@code
 *     {tenant}} become each side's schema and tenant predicate
 */
public record VerificationSpec(List<String> api, List<String> queries) {

  public static final VerificationSpec NONE = new VerificationSpec(List.of(), List.of());

  @SuppressWarnings("ConstantValue") // Jackson hands over null for what the file leaves out
  public VerificationSpec {
    api = api == null ? List.of() : List.copyOf(api);
    queries = queries == null ? List.of() : List.copyOf(queries);
  }
}

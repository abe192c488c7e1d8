package com.matih.tenantmigration.activities.verification;

import com.matih.tenantmigration.activities.secrets.SecretResolver;
import com.matih.tenantmigration.workflow.MigrationContext;
import com.matih.tenantmigration.workflow.MigrationException;
import com.matih.tenantmigration.workflow.StoreName;
import com.matih.tenantmigration.workflow.report.PlanFindings;
import com.matih.tenantmigration.workflow.report.Refusal;
import com.matih.tenantmigration.workflow.report.StoresSummary;
import com.matih.tenantmigration.workflow.report.Warning;
import java.util.List;

/**
 * Looks before a migration whether the endpoints of API_HEALTH can be reached.
 *
 * <p>One that cannot is only warned of, and one that answers anything is not: they are asked on the
 * live route after the switch, and the dedicated services may not be up before.
 */
public final class EndpointReach {

  private static final String STORE = StoreName.VERIFICATION.key();
  private static final String OBJECT = "verification.api";

  private final Endpoints endpoints;

  public EndpointReach(SecretResolver secrets) {
    this.endpoints = new Endpoints(secrets);
  }

  /** Asks every endpoint once, for five seconds at most; changes nothing. */
  public PlanFindings look(MigrationContext context) {
    List<String> addresses = context.request().verification().api();
    try {
      return new PlanFindings(
          StoresSummary.NONE,
          List.of(),
          endpoints.silent(addresses).entrySet().stream()
              .map(silent -> warning(silent.getKey(), silent.getValue()))
              .toList());
    } catch (MigrationException e) {
      return new PlanFindings(
          StoresSummary.NONE,
          List.of(
              Refusal.of(STORE, OBJECT, String.valueOf(e.getMessage()), "Correct " + OBJECT + ".")),
          List.of());
    }
  }

  private static Warning warning(String address, String what) {
    return new Warning(
        STORE,
        address,
        ("%s. API_HEALTH asks it after the route is switched; if it does not answer"
                + " 200 then, everything is rolled back.")
            .formatted(what));
  }
}

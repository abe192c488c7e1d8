package com.matih.tenantmigration.workflow;

import static org.assertj.core.api.Assertions.assertThat;

import com.matih.tenantmigration.workflow.request.Approval;
import org.junit.jupiter.api.Test;

class ByHandTest {

  private static final MigrationContext CONTEXT =
      new MigrationContext(
          "3f9a1c2b4d5e",
          "tenant-migration-acme",
          "run",
          MigrationHarness.request(Approval.AUTOMATIC));

  @Test
  void eachStoresLeftoversAreNamedWithTheCommandThatRemovesThem() {
    var request = CONTEXT.request();
    assertThat(ByHand.of(Compensation.DROP_DATABASE, CONTEXT))
        .contains("DROP DATABASE \"acme\" WITH (FORCE)", "tenant_migration_3f9a1c2b4d5e");
    assertThat(ByHand.of(Compensation.DELETE_OBJECTS, CONTEXT))
        .contains("s3 rm --recursive " + request.objectStorage().target().uri(), "s3 rb s3://");
    assertThat(ByHand.of(Compensation.DELETE_TOPICS, CONTEXT))
        .contains("--delete --topic " + request.kafka().topics().get(0).to())
        .contains("--delete --group tenant-migration-3f9a1c2b4d5e-anchor");
    assertThat(ByHand.of(Compensation.DELETE_INDICES, CONTEXT))
        .contains("curl -X DELETE", "/" + request.elasticsearch().indices().get(0).to());
    assertThat(ByHand.of(Compensation.EVICT_CACHE, CONTEXT))
        .contains("tenant-migration:3f9a1c2b4d5e:warmed");
    assertThat(ByHand.of(Compensation.RELEASE_FENCE, CONTEXT))
        .contains("starts_with(proname, 'fence_3f9a1c2b4d5e')", "CASCADE");
  }

  @Test
  void whatRemovesSomethingSaysThatItMustNotBeTheTenantsOwn() {
    for (Compensation step :
        new Compensation[] {
          Compensation.DROP_DATABASE,
          Compensation.DELETE_OBJECTS,
          Compensation.DELETE_TOPICS,
          Compensation.DELETE_INDICES,
          Compensation.EVICT_CACHE
        }) {
      assertThat(ByHand.of(step, CONTEXT))
          .startsWith("By hand, only where the tenant's row in tenant_control.tenant_config");
    }
  }

  @Test
  void nobodyIsToldToBringATenantBackByHand() {
    assertThat(ByHand.of(Compensation.ROUTE_BACK, CONTEXT)).isEmpty();
    assertThat(ByHand.of(Compensation.REACTIVATE_TENANT, CONTEXT)).isEmpty();
  }

  @Test
  void noSecretAndNoReferenceIsNamed() {
    for (Compensation step : Compensation.values()) {
      assertThat(ByHand.of(step, CONTEXT)).doesNotContain("${");
    }
  }
}

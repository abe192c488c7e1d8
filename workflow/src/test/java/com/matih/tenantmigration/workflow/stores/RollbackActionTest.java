package com.matih.tenantmigration.workflow.stores;

import static org.assertj.core.api.Assertions.assertThat;

import com.matih.tenantmigration.workflow.Compensation;
import com.matih.tenantmigration.workflow.MigrationContext;
import com.matih.tenantmigration.workflow.migration.MigrationHarness;
import com.matih.tenantmigration.workflow.request.Approval;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class RollbackActionTest {

  private static final MigrationContext CONTEXT =
      new MigrationContext(
          "3f9a1c2b4d5e",
          "tenant-migration-acme",
          "run",
          MigrationHarness.request(Approval.AUTOMATIC));

  @Test
  void eachStoresLeftoversAreNamedWithTheCommandThatRemovesThem() {
    var request = CONTEXT.request();
    assertThat(byHand(Compensation.DROP_DATABASE))
        .contains("DROP DATABASE \"acme\" WITH (FORCE)", "tenant_migration_3f9a1c2b4d5e");
    assertThat(byHand(Compensation.DELETE_OBJECTS))
        .contains("s3 rm --recursive " + request.objectStorage().target().uri(), "s3 rb s3://");
    assertThat(byHand(Compensation.DELETE_TOPICS))
        .contains("--delete --topic " + request.kafka().topics().get(0).to())
        .contains("--delete --group tenant-migration-3f9a1c2b4d5e-anchor");
    assertThat(byHand(Compensation.DELETE_INDICES))
        .contains("curl -X DELETE", "/" + request.elasticsearch().indices().get(0).to());
    assertThat(byHand(Compensation.EVICT_CACHE)).contains("tenant-migration:3f9a1c2b4d5e:warmed");
    assertThat(byHand(Compensation.RELEASE_FENCE))
        .contains("starts_with(proname, 'fence_3f9a1c2b4d5e')", "CASCADE");
  }

  @Test
  void everyCompensationIsRegisteredByOneStoreOrTheTenantsConfiguration() {
    assertThat(
            Stream.concat(
                new TenantConfiguration(CONTEXT).rollback().stream(),
                Store.of(CONTEXT).stream().flatMap(store -> store.rollback().stream())))
        .extracting(RollbackAction::step)
        .containsExactlyInAnyOrder(Compensation.values());
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
      assertThat(byHand(step))
          .startsWith("By hand, only where the tenant's row in tenant_control.tenant_config");
    }
  }

  @Test
  void nobodyIsToldToBringATenantBackByHand() {
    assertThat(byHand(Compensation.ROUTE_BACK)).isEmpty();
    assertThat(byHand(Compensation.REACTIVATE_TENANT)).isEmpty();
  }

  @Test
  void noSecretAndNoReferenceIsNamed() {
    for (Compensation step : Compensation.values()) {
      assertThat(byHand(step)).doesNotContain("${");
    }
  }

  private static String byHand(Compensation step) {
    return Stream.concat(
            new TenantConfiguration(CONTEXT).rollback().stream(),
            Store.of(CONTEXT).stream().flatMap(store -> store.rollback().stream()))
        .filter(action -> action.step() == step)
        .findFirst()
        .orElseThrow()
        .byHand();
  }
}

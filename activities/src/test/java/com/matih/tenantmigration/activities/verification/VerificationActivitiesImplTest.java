package com.matih.tenantmigration.activities.verification;

import static org.assertj.core.api.Assertions.assertThat;

import com.matih.tenantmigration.workflow.CheckName;
import com.matih.tenantmigration.workflow.activity.VerificationActivities;
import org.junit.jupiter.api.Test;

class VerificationActivitiesImplTest {

  @Test
  void everyCheckHasAMethodOfItsOwnBesideThePassOverRowsAndTheLookAtLaterReferences() {
    assertThat(VerificationActivities.class.getDeclaredMethods())
        .hasSize(CheckName.values().length + 4);
  }
}

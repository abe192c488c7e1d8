package com.matih.tenantmigration.workflow.log;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class CommandDetailsTest {

  @Test
  void whatIsLeftOutIsNotTold() {
    assertThat(CommandDetails.nothing().told("ACCEPTED")).isEqualTo(", accepted");
    assertThat(CommandDetails.nothing().by("dana").reason("lunch").told("ACCEPTED"))
        .isEqualTo(" by dana, accepted; reason: lunch");
    assertThat(CommandDetails.nothing().approver("ada").why("Not paused.").told("REFUSED"))
        .isEqualTo(" by ada, refused (Not paused.)");
  }
}

package com.matih.tenantmigration.activities.postgres.sessions;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class HeldTableTest {

  @ParameterizedTest
  @CsvSource({
    "UPDATE t SET a = 'secret', UPDATE",
    "'  select 1', SELECT",
    "(SELECT 1) UNION (SELECT 2), SELECT",
    "COPY t TO STDOUT, COPY",
  })
  void ofAStatementOnlyTheCommandWordIsTold(String statement, String word) {
    assertThat(HeldTable.command(statement)).isEqualTo(word);
  }

  @ParameterizedTest
  @ValueSource(strings = {"hunter2", "'secret'", "/* secret */ SELECT 1", "", "<insufficient>"})
  void whatDoesNotBeginWithACommandIsNotTold(String statement) {
    assertThat(HeldTable.command(statement)).isEmpty();
  }

  @Test
  void noStatementHasNoCommand() {
    assertThat(HeldTable.command(null)).isEmpty();
  }
}

package com.matih.tenantmigration.embedded.tools;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class PostgresClientToolsTest {

  @Test
  void theMachinesToolsAreFoundWithTheirVersion() {
    PostgresClientTools tools = PostgresClientTools.require(15);

    assertThat(tools.majorVersion()).isGreaterThanOrEqualTo(15);
    assertThat(tools.pgDump()).isExecutable();
    assertThat(tools.pgRestore()).isExecutable();
  }

  @Test
  void toolsOlderThanTheServerAreRefusedWithThePackageToInstall() {
    assertThatThrownBy(() -> PostgresClientTools.require(99))
        .isInstanceOf(MissingToolException.class)
        .hasMessageContaining("cannot read a server of version 99")
        .hasMessageContaining("install the package postgresql-client-99");
  }
}

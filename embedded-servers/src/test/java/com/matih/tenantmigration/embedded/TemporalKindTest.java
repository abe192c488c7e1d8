package com.matih.tenantmigration.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class TemporalKindTest {

  @Test
  void aFlagChoosesTheServerAndNoFlagLeavesItToTheMachine() {
    assertThat(TemporalKind.of("in-memory")).isEqualTo(TemporalKind.IN_MEMORY);
    assertThat(TemporalKind.of("server")).isEqualTo(TemporalKind.DEVELOPMENT_SERVER);
    assertThat(TemporalKind.of("")).isEqualTo(TemporalKind.ANY);
  }

  @Test
  void anUnknownKindIsRefusedWithThoseThatThereAre() {
    assertThatThrownBy(() -> TemporalKind.of("memory"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("-Dtemporal=memory is none of any, server, in-memory");
  }
}

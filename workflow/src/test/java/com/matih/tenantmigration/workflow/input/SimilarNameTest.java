package com.matih.tenantmigration.workflow.input;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class SimilarNameTest {

  private static final List<String> KNOWN = List.of("tenant", "tenantKey", "tier", "kafka");

  @Test
  void aMisspelledNameFindsTheKnownOne() {
    assertThat(SimilarName.of("tennant", KNOWN)).contains("tenant");
    assertThat(SimilarName.of("teir", KNOWN)).contains("tier");
    assertThat(SimilarName.of("kafak", KNOWN)).contains("kafka");
  }

  @Test
  void anotherWayOfJoiningWordsIsTheSameName() {
    assertThat(SimilarName.of("tenant_key", KNOWN)).contains("tenantKey");
    assertThat(SimilarName.of("TENANT-KEY", KNOWN)).contains("tenantKey");
  }

  @Test
  void aStrangeNameFindsNone() {
    assertThat(SimilarName.of("postgres", KNOWN)).isEmpty();
  }
}

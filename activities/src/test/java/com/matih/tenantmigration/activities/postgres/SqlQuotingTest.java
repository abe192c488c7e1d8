package com.matih.tenantmigration.activities.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.matih.tenantmigration.activities.postgres.sql.Identifiers;
import com.matih.tenantmigration.activities.postgres.sql.SqlLiterals;
import com.matih.tenantmigration.activities.postgres.sql.TableName;
import java.util.List;
import org.junit.jupiter.api.Test;

class SqlQuotingTest {

  @Test
  void aNameIsQuotedSoThatNothingInItEndsTheQuotes() {
    assertThat(Identifiers.quote("a\"; DROP TABLE b; --")).isEqualTo("\"a\"\"; DROP TABLE b; --\"");
    assertThat(Identifiers.quote(new TableName("My schema", "Table")))
        .isEqualTo("\"My schema\".\"Table\"");
    assertThat(Identifiers.list("t", List.of("a", "B"))).isEqualTo("t.\"a\", t.\"B\"");
  }

  @Test
  void whatCannotBeANameIsRefused() {
    assertThatThrownBy(() -> Identifiers.quote("")).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> Identifiers.quote("a\0b"))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void aValueIsQuotedSoThatNeitherQuotesNorBackslashesEndIt() {
    assertThat(SqlLiterals.quote("o'neil")).isEqualTo("'o''neil'");
    assertThat(SqlLiterals.quote("\\'; DROP TABLE b; --"))
        .isEqualTo(" E'\\\\''; DROP TABLE b; --'");
    assertThatThrownBy(() -> SqlLiterals.quote("a\0b"))
        .isInstanceOf(IllegalArgumentException.class);
  }
}

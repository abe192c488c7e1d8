package com.matih.tenantmigration.activities.postgres.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import com.matih.tenantmigration.activities.postgres.TestDatabase;
import com.matih.tenantmigration.embedded.testing.TestServers;
import java.sql.Connection;
import java.sql.SQLException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class CopyFormatIT {

  private static final int VERSION_14 = 140_000;
  private static final int VERSION_15 = 150_000;

  private static TestDatabase database;

  @BeforeAll
  static void createDatabase() throws SQLException {
    database = TestDatabase.create(TestServers.postgres());
    database.execute("CREATE TYPE mood AS ENUM ('sad')", "CREATE TYPE pair AS (x int, m mood)");
  }

  @AfterAll
  static void dropDatabase() throws SQLException {
    database.close();
  }

  @Test
  void ordinaryTypesTravelInBinary() throws SQLException {
    assertThat(formatOf("a int, b text[], c jsonb, d mood, e numrange", VERSION_14))
        .isEqualTo(CopyFormat.BINARY);
  }

  @Test
  void typesThatNameAnObjectByItsNumberTravelAsText() throws SQLException {
    assertThat(formatOf("a regclass", VERSION_15)).isEqualTo(CopyFormat.TEXT);
    assertThat(formatOf("a int, b regtype[]", VERSION_15)).isEqualTo(CopyFormat.TEXT);
  }

  @Test
  void typesWithoutABinaryFormTravelAsText() throws SQLException {
    assertThat(formatOf("a aclitem", VERSION_15)).isEqualTo(CopyFormat.TEXT);
    assertThat(formatOf("a aclitem[]", VERSION_15)).isEqualTo(CopyFormat.TEXT);
  }

  @Test
  void nestedTypesOfOnesOwnTravelAsTextToServersThatInsistOnTheirNumbers() throws SQLException {
    assertThat(formatOf("a mood[]", VERSION_14)).isEqualTo(CopyFormat.TEXT);
    assertThat(formatOf("a pair", VERSION_14)).isEqualTo(CopyFormat.TEXT);
    assertThat(formatOf("a mood[], b pair", VERSION_15)).isEqualTo(CopyFormat.BINARY);
  }

  private static CopyFormat formatOf(String columns, int targetVersion) throws SQLException {
    try (Connection connection = database.connect()) {
      TestDatabase.execute(
          connection, "DROP TABLE IF EXISTS t", "CREATE TABLE t (%s)".formatted(columns));
      long table =
          Long.parseLong(TestDatabase.query(connection, "SELECT 't'::regclass::oid").get(0));
      return CopyFormat.of(connection, table, targetVersion);
    }
  }
}

package com.matih.tenantmigration.activities.postgres.fence;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.SQLException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** Whose writes a fence that stands refuses. */
@Execution(ExecutionMode.CONCURRENT) // they wait, each for what is its own
class WriteFenceIT extends WriteFenceLab {

  @Test
  void everyKindOfWriteOfTheTenantIsRefused() {
    raise(fence);

    refused("INSERT INTO shared.queries VALUES (4, 'acme')");
    refused("UPDATE shared.queries SET body = 'x' WHERE id = 1");
    refused("DELETE FROM shared.queries WHERE id = 1");
    refused("TRUNCATE shared.queries CASCADE");
    refused(
        "INSERT INTO shared.queries VALUES (1, 'acme') ON CONFLICT (id) DO UPDATE SET body = 'y'");
    refused("INSERT INTO shared.events VALUES ('acme', '2026-01-01')");
    refused("UPDATE shared.events SET at = '2026-01-01' WHERE tenant_id = 'acme'");
    refused("DELETE FROM shared.events_old WHERE tenant_id = 'acme'");
    refused("TRUNCATE shared.events_old");
    refused("TRUNCATE shared.events");
  }

  @Test
  void aRowThatMovesToTheTenantOrAwayFromItIsRefused() {
    raise(fence);

    refused("UPDATE shared.queries SET tenant_id = 'globex' WHERE id = 1");
    refused("UPDATE shared.queries SET tenant_id = 'acme' WHERE id = 2");
    refused("UPDATE shared.runs SET query_id = 1 WHERE id = 20");
    refused("UPDATE shared.runs SET query_id = 2 WHERE id = 10");
  }

  @Test
  void childrenOfTheTenantsRowsAreRefusedAndThoseOfANeighbourPass() {
    raise(fence);

    refused("INSERT INTO shared.runs VALUES (11, 1)");
    refused("DELETE FROM shared.runs WHERE id = 10");
    refused("TRUNCATE shared.runs");
    passes("INSERT INTO shared.runs VALUES (21, 2)");
    passes("UPDATE shared.runs SET query_id = 3 WHERE id = 21");
    passes("DELETE FROM shared.queries WHERE id = 2");
  }

  @Test
  void aNeighboursWritesPass() {
    raise(fence);

    passes("INSERT INTO shared.queries VALUES (5, 'globex')");
    passes("UPDATE shared.queries SET body = 'x' WHERE tenant_id = 'globex'");
    passes("INSERT INTO shared.events VALUES ('globex', '2024-02-01')");
    passes("UPDATE shared.events SET at = '2026-01-01' WHERE tenant_id = 'globex'");
    passes("DELETE FROM shared.events WHERE tenant_id = 'globex'");
    passes("UPDATE shared.plans SET id = 2");
  }

  @Test
  void aTriggerOfTheSourceThatChangesTheRowLaterDoesNotHideItFromTheFence() throws SQLException {
    database.execute(
        "CREATE FUNCTION shared.take() RETURNS trigger LANGUAGE plpgsql AS"
            + " 'BEGIN NEW.tenant_id := ''acme''; RETURN NEW; END'",
        "CREATE TRIGGER \"\uffff last\" BEFORE INSERT ON shared.queries FOR EACH ROW EXECUTE"
            + " FUNCTION shared.take()");
    raise(fence);

    refused("INSERT INTO shared.queries VALUES (6, 'globex')");
  }

  @Test
  void theReplicationRoleDoesNotGetAroundTheFence() {
    raise(fence);

    refused(
        "SET session_replication_role = replica", "INSERT INTO shared.queries VALUES (7, 'acme')");
    refused("SET session_replication_role = replica", "DELETE FROM shared.runs WHERE id = 10");
    refused(
        "SET session_replication_role = replica",
        "UPDATE shared.events_old SET at = '2023-01-01' WHERE tenant_id = 'acme'");
  }

  @Test
  void aWriterWithoutRightsOnTheParentIsJudgedLikeAnyOther() throws SQLException {
    String role = "writer_" + migrationId;
    database.execute(
        "CREATE ROLE %s".formatted(role),
        "GRANT USAGE ON SCHEMA shared TO %s".formatted(role),
        "GRANT INSERT ON shared.runs TO %s".formatted(role));
    try {
      raise(fence);

      refused("SET ROLE " + role, "INSERT INTO shared.runs VALUES (12, 1)");
      passes("SET ROLE " + role, "INSERT INTO shared.runs VALUES (22, 2)");
    } finally {
      database.execute("DROP OWNED BY " + role, "DROP ROLE " + role);
    }
  }

  @Test
  void aChildThatNamesItsParentInAnotherSpellingIsRefused() throws SQLException {
    database.execute(
        "CREATE EXTENSION citext SCHEMA public",
        "CREATE TABLE shared.docs (name public.citext PRIMARY KEY, tenant_id text)",
        "CREATE TABLE shared.pages (doc public.citext NOT NULL REFERENCES shared.docs)",
        "INSERT INTO shared.docs VALUES ('abc', 'acme'), ('xyz', 'globex')");
    raise(fence);

    refused("INSERT INTO shared.pages VALUES ('Abc')");
    passes("INSERT INTO shared.pages VALUES ('XyZ')");
  }

  @Test
  void aFenceThatSomebodyOpenedIsNoticed() throws SQLException {
    raise(fence);
    assertThat(missing()).isEmpty();

    database.execute(
        "ALTER TABLE shared.events_new DISABLE TRIGGER ALL",
        "ALTER TABLE shared.runs ENABLE TRIGGER ALL");

    assertThat(missing()).anyMatch(fault -> fault.contains("shared.events_new"));
    assertThat(missing()).anyMatch(fault -> fault.contains("shared.runs"));

    raise(fence);
    assertThat(missing()).isEmpty();
  }
}

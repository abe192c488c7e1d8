package com.matih.tenantmigration.activities.postgres.rehearsal;

import static org.assertj.core.api.Assertions.assertThat;

import com.matih.tenantmigration.workflow.report.PlanFindings;
import com.matih.tenantmigration.workflow.report.Refusal;
import java.sql.SQLException;
import org.junit.jupiter.api.Test;

/** The sample is loaded as the rows will be, and no row is refused that they may contain. */
class SampleLoadIT extends RehearsalLab {

  @Test
  void checksAndIndexesOfTheWholeRowAreTried() throws SQLException {
    inShared(
        "CREATE TABLE items (id bigint PRIMARY KEY, tenant_id text NOT NULL, lo int, hi int)",
        "CREATE FUNCTION is_sane(items) RETURNS boolean LANGUAGE sql IMMUTABLE AS"
            + " 'SELECT $1.lo <= $1.hi'",
        "CREATE FUNCTION width(items) RETURNS int LANGUAGE sql IMMUTABLE AS"
            + " 'SELECT $1.hi - $1.lo'",
        "ALTER TABLE items ADD CONSTRAINT sane CHECK (is_sane(items.*))",
        "ALTER TABLE items ADD CONSTRAINT there CHECK (items IS NOT NULL)",
        "CREATE INDEX items_width ON items (width(items.*))",
        "INSERT INTO items SELECT i, 'acme', i, i + 1 FROM generate_series(1, 5) i");

    PlanFindings plan = plan();

    assertThat(plan.refusals()).isEmpty();
    assertThat(plan.warnings()).noneMatch(warning -> warning.message().contains("sane"));
  }

  @Test
  void anIndexOfTheWholeRowThatDoesNotWorkIsRefusedWithItsFunction() throws SQLException {
    inShared(
        "CREATE FUNCTION gone(int) RETURNS int LANGUAGE sql IMMUTABLE AS 'SELECT $1'",
        "CREATE TABLE items (id bigint PRIMARY KEY, tenant_id text NOT NULL, lo int, hi int)",
        "CREATE FUNCTION width(items) RETURNS int LANGUAGE plpgsql IMMUTABLE AS"
            + " 'BEGIN RETURN gone($1.hi); END'",
        "CREATE INDEX items_width ON items (width(items.*))",
        "INSERT INTO items SELECT i, 'acme', i, i + 1 FROM generate_series(1, 5) i",
        "DROP FUNCTION gone(int)");

    PlanFindings plan = plan();

    assertThat(plan.refusals()).extracting(Refusal::object).containsExactly("shared.items");
    assertThat(plan.refusals().get(0).reason()).contains("gone(integer) does not exist");
  }

  /** As after a collation has changed below an index. */
  @Test
  void rowsThatBreakAUniqueIndexAreToldWithWhatToDo() throws SQLException {
    inShared(
        "CREATE TABLE people (id int PRIMARY KEY, tenant_id text NOT NULL, mail text)",
        "CREATE UNIQUE INDEX mails ON people (lower(mail))",
        "INSERT INTO people VALUES (1, 'acme', 'a@b')",
        "SET allow_system_table_mods = on",
        "UPDATE pg_index SET indisready = false WHERE indexrelid = 'shared.mails'::regclass",
        "INSERT INTO people VALUES (2, 'acme', 'A@b')",
        "UPDATE pg_index SET indisready = true WHERE indexrelid = 'shared.mails'::regclass");

    assertThat(plan().refusals())
        .singleElement()
        .satisfies(
            refusal -> {
              assertThat(refusal.reason()).contains("unique constraint \"mails\"");
              assertThat(refusal.remedy()).contains("REINDEX TABLE \"shared\".\"people\"");
            });
  }

  @Test
  void domainsOfAFixedLengthAreEvaluatedWithTheirLength() throws SQLException {
    inShared(
        "CREATE DOMAIN code AS char(5) CHECK (VALUE ~ '^[A-Z]{5}$')",
        "CREATE DOMAIN account AS code CHECK (length(VALUE) = 5)",
        "CREATE DOMAIN flags AS bit(4) CHECK (length(VALUE) = 4 AND VALUE <> B'0000')",
        "CREATE DOMAIN price AS numeric(8, 2) CHECK (VALUE * 100 = trunc(VALUE * 100))",
        "CREATE TABLE accounts (id bigint PRIMARY KEY, tenant_id text NOT NULL,"
            + " c code, a account, f flags, p price)",
        "INSERT INTO accounts SELECT i, 'acme', 'ABCDE', 'FGHIJ', B'0101', 1.25"
            + " FROM generate_series(1, 5) i");

    assertThat(plan().refusals()).isEmpty();
  }

  @Test
  void oldRowsThatBreakConstraintsThatAreNotValidAreNoObstacle() throws SQLException {
    inShared(
        "CREATE DOMAIN email AS text",
        "CREATE TABLE people (id int PRIMARY KEY, tenant_id text NOT NULL, mail email,"
            + " mails email[], age int CHECK (age > 0))",
        "INSERT INTO people VALUES (1, 'acme', 'none', ARRAY['none'], 200), (2, 'acme', 'a@b', NULL, 2)",
        "ALTER DOMAIN email ADD CONSTRAINT looks_right CHECK (VALUE LIKE '%@%') NOT VALID",
        "ALTER TABLE people ADD CONSTRAINT credible CHECK (age < 150) NOT VALID",
        "ALTER TABLE people ADD FOREIGN KEY (age) REFERENCES people NOT VALID");

    assertThat(plan().refusals()).isEmpty();
  }

  @Test
  void whatActsOnWritesIsNotTriedWithTheSample() throws SQLException {
    inShared(
        "CREATE TABLE logs (id int GENERATED ALWAYS AS IDENTITY, tenant_id text NOT NULL,"
            + " day int CHECK (day > 0), PRIMARY KEY (id, day)) PARTITION BY RANGE (day)",
        "CREATE TABLE logs_1 PARTITION OF logs FOR VALUES FROM (0) TO (9)",
        "CREATE INDEX ON logs ((day + 1))",
        "INSERT INTO logs (tenant_id, day) VALUES ('acme', 1), ('acme', 2)",
        "CREATE FUNCTION stop() RETURNS trigger LANGUAGE plpgsql AS"
            + " 'BEGIN RAISE ''never''; END'",
        "CREATE TRIGGER stop BEFORE INSERT ON logs FOR EACH ROW EXECUTE FUNCTION stop()",
        "ALTER TABLE logs ENABLE ROW LEVEL SECURITY",
        "CREATE TABLE kept (id int PRIMARY KEY, tenant_id text NOT NULL, day int CHECK (day > 0))",
        "INSERT INTO kept VALUES (1, 'acme', 1)",
        "CREATE RULE keep AS ON INSERT TO kept DO INSTEAD UPDATE kept SET day = -1");

    assertThat(plan().refusals()).isEmpty();
  }
}

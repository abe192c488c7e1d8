package com.matih.tenantmigration.activities.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import com.matih.tenantmigration.activities.postgres.sql.TableName;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A schema that evaluates what services evaluate in surroundings of their own, moved once. */
class EvaluatedCopyIT {

  private static final String SCHEMA =
      """
      CREATE EXTENSION citext SCHEMA public;
      CREATE EXTENSION cube SCHEMA public;
      CREATE EXTENSION earthdistance SCHEMA public;
      CREATE EXTENSION pgcrypto SCHEMA public;
      CREATE SCHEMA shared;
      SET search_path = shared, public;
      SET TimeZone = 'Europe/Berlin';
      CREATE FUNCTION tidy(text) RETURNS text LANGUAGE sql IMMUTABLE AS 'SELECT lower(btrim($1))';
      CREATE FUNCTION slug(text) RETURNS text LANGUAGE sql IMMUTABLE AS
        'SELECT replace(tidy($1), '' '', ''-'')';
      CREATE FUNCTION day_of(timestamptz) RETURNS date LANGUAGE sql IMMUTABLE AS 'SELECT $1::date';
      CREATE FUNCTION total() RETURNS bigint LANGUAGE plpgsql STABLE AS
        'BEGIN RETURN (SELECT count(*) FROM titles); END';
      CREATE FUNCTION hash() RETURNS trigger LANGUAGE plpgsql AS
        'BEGIN NEW.title := encode(digest(NEW.title, ''sha256''), ''hex''); RETURN NEW; END';
      CREATE TABLE titles (id int PRIMARY KEY, tenant_id text NOT NULL, title text,
        CHECK (slug(title) <> ''), s text GENERATED ALWAYS AS (slug(title)) STORED);
      CREATE UNIQUE INDEX by_slug ON titles (tenant_id, slug(title));
      CREATE FUNCTION own_path() RETURNS bigint LANGUAGE sql STABLE SET search_path = shared, "$user"
        AS 'SELECT count(*) FROM titles';
      CREATE FUNCTION is_title(int) RETURNS boolean LANGUAGE sql STABLE AS
        'SELECT EXISTS (SELECT 1 FROM titles WHERE id = $1)';
      CREATE TABLE parts (id int PRIMARY KEY, title_id int NOT NULL REFERENCES titles
        CONSTRAINT known CHECK (is_title(title_id)));
      COMMENT ON CONSTRAINT known ON parts IS 'reads titles';
      CREATE TABLE days (id int PRIMARY KEY, tenant_id text NOT NULL, at timestamptz,
        d date CHECK (at::date = d), day date GENERATED ALWAYS AS (day_of(at)) STORED);
      CREATE TABLE places (id int PRIMARY KEY, tenant_id text NOT NULL, lat float8, lon float8,
        spot earth GENERATED ALWAYS AS (ll_to_earth(lat, lon)) STORED);
      CREATE INDEX ON places USING gist (spot);
      CREATE TABLE odd (id int PRIMARY KEY, tenant_id text NOT NULL, names citext[], q tsquery);
      CREATE TYPE status AS ENUM ('open', 'closed');
      CREATE CAST (varchar AS status) WITH INOUT AS IMPLICIT;
      CREATE TABLE tickets (id int PRIMARY KEY, tenant_id text NOT NULL, status status);
      CREATE MATERIALIZED VIEW totals AS SELECT total() AS n;
      INSERT INTO titles SELECT i, CASE WHEN i % 2 = 0 THEN 'acme' ELSE 'globex' END, ' Title ' || i
        FROM generate_series(1, 20) i;
      INSERT INTO parts SELECT i, i FROM generate_series(1, 20) i;
      INSERT INTO days SELECT i, 'acme', m, m::date
        FROM generate_series(0, 47) i, LATERAL (
             SELECT timestamptz '2026-07-01 00:30+02' + i * interval '1 h') t(m);
      INSERT INTO places SELECT i, 'acme', i, -i FROM generate_series(1, 20) i;
      INSERT INTO odd VALUES (1, 'acme', '{A,b}', ''), (2, 'acme', NULL, 'fat & cat');
      INSERT INTO tickets VALUES (1, 'acme', 'open');
      CREATE TRIGGER hash BEFORE INSERT ON titles FOR EACH ROW EXECUTE FUNCTION hash();
      """;

  @TempDir static Path folder;
  private static CopyLab lab;

  @BeforeAll
  static void migrate() throws SQLException {
    lab = CopyLab.rows(folder, "shared", List.of(), List.of(), List.of());
    lab.source.execute(SCHEMA);
    lab.source.execute(
        "ALTER DATABASE %s SET timezone = 'Europe/Berlin'".formatted(lab.source.name()),
        // for the test's own sessions
        "ALTER DATABASE %s SET search_path = shared, public".formatted(lab.source.name()));
    var unused = lab.migrate();
  }

  @AfterAll
  static void close() throws SQLException {
    lab.close();
  }

  @Test
  void everyTableArrivesAsItIs() throws SQLException {
    for (String table : List.of("titles", "parts", "days", "places", "odd", "tickets")) {
      assertThat(CopyLab.rows(lab.target, new TableName("public", table), "true"))
          .as(table)
          .isEqualTo(lab.sourceRows(table));
    }
    assertThat(lab.target.query("SELECT count(*) FROM days WHERE day = d")).containsExactly("48");
  }

  @Test
  void aConstraintThatReadsAnotherTableComesAfterItsRows() throws SQLException {
    assertThat(
            lab.target.query(
                "SELECT pg_get_constraintdef(oid) || ' ' || convalidated || ' '"
                    + " || obj_description(oid) FROM pg_constraint WHERE conname = 'known'"))
        .containsExactly("CHECK (is_title(title_id)) true reads titles");
  }

  @Test
  void viewsThatCallHelpersAreFilled() throws SQLException {
    assertThat(lab.target.query("SELECT n FROM totals")).containsExactly("10");
  }

  @Test
  void castsOfTheSchemasTypesWork() throws SQLException {
    assertThat(
            lab.target.query(
                "INSERT INTO tickets VALUES (2, 'acme', 'closed'::varchar) RETURNING status"))
        .containsExactly("closed");
  }

  @Test
  void aTriggerFindsTheExtensionThatOnlyItsTextNames() throws SQLException {
    assertThat(
            lab.target.query(
                "INSERT INTO titles (id, tenant_id, title) VALUES (99, 'acme', 'x') RETURNING"
                    + " length(title)"))
        .containsExactly("64");
  }

  @Test
  void aFunctionsOwnSearchPathFollowsTheRename() throws SQLException {
    assertThat(lab.target.query("SELECT own_path() >= 10")).containsExactly("t");
    assertThat(lab.target.query("SELECT proconfig::text FROM pg_proc WHERE proname = 'own_path'"))
        .containsExactly("{\"search_path=public, \\\"$user\\\"\"}");
  }
}

package com.matih.tenantmigration.activities.postgres.fence;

import com.matih.tenantmigration.activities.postgres.catalog.TenantPredicate;
import com.matih.tenantmigration.activities.postgres.catalog.TenantTables;
import com.matih.tenantmigration.activities.postgres.sql.Identifiers;
import com.matih.tenantmigration.jdbc.Sql;
import com.matih.tenantmigration.workflow.MigrationContext;
import com.matih.tenantmigration.workflow.request.PostgresSpec;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Optional;

/**
 * How much longer the writes of other tenants take while changes of a table are captured, where
 * more than the row itself decides whose it is: a parent is looked up, or the request's condition
 * evaluated, for each row that anybody writes.
 */
public final class JudgingCost {

  /**
   * Judges rows as the capture's function does, by PL/pgSQL and one by one, and leaves the average
   * in a setting of the session. Of a row the fastest of three times counts: what else the server
   * does, and what it reads for the first time, is no part of it. Rows differ, by how soon what
   * belongs to them is found, so all of them count. A row costs next to nothing to read, and the
   * clock a tenth of a microsecond, so only the judgement is timed.
   */
  private static final String MEASURE =
      """
      DO $measure$
      %s
      DECLARE
        OLD %s%%ROWTYPE;
        is_own boolean;
        began timestamptz;
        micros double precision;
        fastest double precision;
        spent double precision := 0;
        total double precision := 0;
        judged int := 0;
      BEGIN
        FOR OLD IN SELECT * FROM %s LIMIT %d LOOP
          fastest := NULL;
          FOR repetition IN 1..3 LOOP
            began := clock_timestamp();
            is_own := %s;
            micros := extract(epoch FROM clock_timestamp() - began)::double precision * 1e6;
            fastest := least(fastest, micros);
            spent := spent + micros;
          END LOOP;
          total := total + fastest;
          judged := judged + 1;
          EXIT WHEN spent > %d;
        END LOOP;
        PERFORM set_config('%s', coalesce((total / nullif(judged, 0))::text, ''), false);
      END $measure$
      """;

  private static final String RESULT = "tenant_migration.judging";
  private static final int ROWS = 100;
  private static final Duration ENOUGH = Duration.ofMillis(300);

  private JudgingCost() {}

  /**
   * Measures it on rows of the table, within a third of a second but for the last row; changes
   * nothing.
   *
   * @return how much longer an UPDATE of one row takes, which is judged before and after; empty for
   *     a table without rows, and where the row alone tells whose it is
   */
  public static Optional<Duration> ofUpdate(
      Connection source, MigrationContext context, TenantTables tables, NoteTable note)
      throws SQLException {
    TenantPredicate moving = tables.moving(note.table().name());
    if (moving.isOfRowAlone() || !note.isCaptured()) {
      return Optional.empty();
    }
    CaptureSql sql =
        new CaptureSql(
            new FenceSql(
                context.migrationId(),
                context.tenant(),
                context.spec(PostgresSpec.class).sourceSchema()));
    Sql.execute(
        source,
        MEASURE.formatted(
            moving.holdsCondition() ? "#variable_conflict use_column" : "",
            Identifiers.quote(note.table().name()),
            note.table().rows().sql(),
            ROWS,
            sql.judgement(note, moving, "OLD"),
            ENOUGH.toNanos() / 1000,
            RESULT));
    return Sql.text(source, "SELECT nullif(current_setting('%s'), '')".formatted(RESULT))
        .map(micros -> Duration.ofNanos(Math.round(Double.parseDouble(micros) * 2 * 1000)));
  }
}

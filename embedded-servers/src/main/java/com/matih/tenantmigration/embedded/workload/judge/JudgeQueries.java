package com.matih.tenantmigration.embedded.workload.judge;

import com.matih.tenantmigration.embedded.workload.RowState;
import com.matih.tenantmigration.embedded.workload.WorkloadTable;

/**
 * The judge's own queries, written by hand for this schema: which rows of a table are a tenant's,
 * and which are not.
 */
final class JudgeQueries {

  private JudgeQueries() {}

  /**
   * A tenant's rows of a table as {@code key, state, text}, in byte order. The state begins with
   * the row's mark, and is what {@link RowState} holds; the text is the whole row. The only
   * parameter is the tenant. Reference rows are everybody's.
   */
  static String rowsOf(WorkloadTable table) {
    String sql =
        switch (table) {
          case REGION ->
              "SELECT r.code AS key, r.mark AS state, r::text AS text FROM region r"
                  + " WHERE ?::text IS NOT NULL";
          case ACCOUNT ->
              "SELECT a.id::text AS key, a.mark || '|' || a.code || '|'"
                  + " || coalesce(a.parent_id::text, '-') || '|' || a.region || '|'"
                  + " || coalesce(md5(a.payload), '-') AS state, a::text AS text"
                  + " FROM account a WHERE a.tenant_id = ?";
          case ENTRY ->
              "SELECT e.id::text AS key, e.mark || '|' || e.account_id || '|'"
                  + " || coalesce(md5(e.payload), '-') AS state, e::text AS text"
                  + " FROM entry e JOIN account a ON a.id = e.account_id WHERE a.tenant_id = ?";
          case ENTRY_NOTE ->
              "SELECT n.entry_id || '/' || n.number AS key, n.mark || '|'"
                  + " || coalesce(md5(n.payload), '-') AS state, n::text AS text"
                  + " FROM entry_note n JOIN entry e ON e.id = n.entry_id"
                  + " JOIN account a ON a.id = e.account_id WHERE a.tenant_id = ?";
          case SETTING ->
              "SELECT s.name AS key, s.mark || '|' || coalesce(md5(s.payload), '-') AS state,"
                  + " s::text AS text FROM setting s WHERE s.tenant_id = ?";
          case TICKET ->
              "SELECT t.id::text AS key, t.mark || '|' || t.state || '|' || t.day || '|'"
                  + " || coalesce(md5(t.payload), '-') AS state, t::text AS text"
                  + " FROM ticket t WHERE t.tenant_id = ?";
          case AUDIT_LINE ->
              "SELECT l.line AS key, l.mark || '|' || coalesce(md5(l.payload), '-') AS state,"
                  + " l::text AS text FROM audit_line l WHERE l.tenant_id = ?";
          case COUNTER ->
              "SELECT c.name AS key, c.mark || '|' || c.hits AS state, c::text AS text"
                  + " FROM counter c WHERE c.tenant_id = ?";
          case SCRATCH ->
              "SELECT s.number::text AS key, s.mark AS state, s::text AS text"
                  + " FROM scratch s WHERE s.tenant_id = ?";
        };
    return "SELECT key, state, text FROM (%s) own ORDER BY key COLLATE \"C\", text COLLATE \"C\""
        .formatted(sql);
  }

  /**
   * The rows of a table that are not a tenant's, as {@code key, state, text}; the state says whose
   * they are. The only parameter is the tenant. Reference rows are nobody's alone, so there are
   * none.
   */
  static String foreignRows(WorkloadTable table) {
    String owner = "coalesce(tenant_id, 'nobody')";
    return switch (table) {
      case REGION -> "SELECT code, mark, code FROM region WHERE ?::text IS NULL";
      case ACCOUNT -> foreign("id::text", owner, "account");
      case ENTRY ->
          "SELECT e.id::text, coalesce(a.tenant_id, 'nobody'), e::text FROM entry e"
              + " LEFT JOIN account a ON a.id = e.account_id"
              + " WHERE a.tenant_id IS DISTINCT FROM ?";
      case ENTRY_NOTE ->
          "SELECT n.entry_id || '/' || n.number, coalesce(a.tenant_id, 'nobody'), n::text"
              + " FROM entry_note n LEFT JOIN entry e ON e.id = n.entry_id"
              + " LEFT JOIN account a ON a.id = e.account_id"
              + " WHERE a.tenant_id IS DISTINCT FROM ?";
      case SETTING -> foreign("name", owner, "setting");
      case TICKET -> foreign("id::text", owner, "ticket");
      case AUDIT_LINE -> foreign("line", owner, "audit_line");
      case COUNTER -> foreign("name", owner, "counter");
      case SCRATCH -> foreign("number::text", owner, "scratch");
    };
  }

  private static String foreign(String key, String owner, String table) {
    return "SELECT %s, %s, t::text FROM %s t WHERE tenant_id IS DISTINCT FROM ?"
        .formatted(key, owner, table);
  }
}

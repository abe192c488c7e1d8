package com.matih.tenantmigration.embedded.workload;

import com.matih.tenantmigration.embedded.workload.values.OddValues;

/** A row as its session last wrote it. */
sealed interface ModelRow {

  String tenant();

  WorkloadTable table();

  String key();

  /** What a judge reads of such a row, in the same form. */
  String state();

  /** No other write has it. */
  String mark();

  default RowKey rowKey() {
    return new RowKey(tenant(), table(), key());
  }

  /** A reference row; it counts as its writer's. */
  record Region(String tenant, String code, String mark) implements ModelRow {
    @Override
    public WorkloadTable table() {
      return WorkloadTable.REGION;
    }

    @Override
    public String key() {
      return code;
    }

    @Override
    public String state() {
      return mark;
    }
  }

  /**
   * An account.
   *
   * @param parent the id of another account; 0 for none
   */
  record Account(String tenant, long id, String code, long parent, String region, String mark)
      implements ModelRow {
    @Override
    public WorkloadTable table() {
      return WorkloadTable.ACCOUNT;
    }

    @Override
    public String key() {
      return String.valueOf(id);
    }

    @Override
    public String state() {
      String parentText = parent == 0 ? "-" : String.valueOf(parent);
      return String.join("|", mark, code, parentText, region, OddValues.digest(mark));
    }

    Account withMark(String other) {
      return new Account(tenant, id, code, parent, region, other);
    }

    Account withCode(String other, String newMark) {
      return new Account(tenant, id, other, parent, region, newMark);
    }

    /** An account keeps its mark when it loses its parent, because the server takes it away. */
    Account withoutParent() {
      return new Account(tenant, id, code, 0, region, mark);
    }

    Account withParent(long other, String newMark) {
      return new Account(tenant, id, code, other, region, newMark);
    }

    Account of(String other, String newMark) {
      return new Account(other, id, code, 0, region, newMark);
    }
  }

  /** An entry; its tenant is the account's. */
  record Entry(String tenant, long id, long account, String mark) implements ModelRow {
    @Override
    public WorkloadTable table() {
      return WorkloadTable.ENTRY;
    }

    @Override
    public String key() {
      return String.valueOf(id);
    }

    @Override
    public String state() {
      return String.join("|", mark, String.valueOf(account), OddValues.digest(mark));
    }

    Entry of(String other) {
      return new Entry(other, id, account, mark);
    }
  }

  /** A note of an entry. */
  record Note(String tenant, long entry, int number, String mark) implements ModelRow {
    @Override
    public WorkloadTable table() {
      return WorkloadTable.ENTRY_NOTE;
    }

    @Override
    public String key() {
      return entry + "/" + number;
    }

    @Override
    public String state() {
      return mark + "|" + OddValues.digest(mark);
    }

    Note of(String other) {
      return new Note(other, entry, number, mark);
    }
  }

  /** A setting. */
  record Setting(String tenant, String name, String mark) implements ModelRow {
    @Override
    public WorkloadTable table() {
      return WorkloadTable.SETTING;
    }

    @Override
    public String key() {
      return name;
    }

    @Override
    public String state() {
      return mark + "|" + OddValues.digest(mark);
    }
  }

  /** A ticket; its state and day say in which partition it is. */
  record Ticket(String tenant, long id, String phase, int day, String mark) implements ModelRow {
    @Override
    public WorkloadTable table() {
      return WorkloadTable.TICKET;
    }

    @Override
    public String key() {
      return String.valueOf(id);
    }

    @Override
    public String state() {
      return String.join("|", mark, phase, String.valueOf(day), OddValues.digest(mark));
    }
  }

  /** A row of the table without a primary key. */
  record Line(String tenant, String line, String mark) implements ModelRow {
    @Override
    public WorkloadTable table() {
      return WorkloadTable.AUDIT_LINE;
    }

    @Override
    public String key() {
      return line;
    }

    @Override
    public String state() {
      return mark + "|" + OddValues.digest(mark);
    }
  }

  /** A row of the table that is truncated. */
  record Scratch(String tenant, int number, String mark) implements ModelRow {
    @Override
    public WorkloadTable table() {
      return WorkloadTable.SCRATCH;
    }

    @Override
    public String key() {
      return String.valueOf(number);
    }

    @Override
    public String state() {
      return mark;
    }
  }
}

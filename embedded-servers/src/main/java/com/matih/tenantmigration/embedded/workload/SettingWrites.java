package com.matih.tenantmigration.embedded.workload;

import com.matih.tenantmigration.embedded.workload.ModelRow.Setting;
import com.matih.tenantmigration.embedded.workload.Writing.RowNotFoundException;
import com.matih.tenantmigration.embedded.workload.values.OddValues;
import java.sql.SQLException;
import java.util.List;
import java.util.stream.IntStream;

/** What is done to settings, whose names are few and used again. */
final class SettingWrites {

  private static final int NAMES = 40;

  private SettingWrites() {}

  static Setting insert(Writing w) throws SQLException, RowNotFoundException {
    List<String> free = freeNames(w);
    if (free.isEmpty()) {
      delete(w, any(w));
      return insert(w);
    }
    Setting setting = new Setting(w.tenant(), w.anyOf(free), w.mark());
    w.execute(
        "INSERT INTO setting (tenant_id, name, payload, mark) VALUES (?, ?, ?, ?)",
        setting.tenant(),
        setting.name(),
        OddValues.payload(setting.mark()),
        setting.mark());
    w.draft().write(setting);
    return setting;
  }

  static Setting any(Writing w) throws SQLException, RowNotFoundException {
    List<Setting> own = w.own(Setting.class);
    return own.isEmpty() ? insert(w) : w.anyOf(own);
  }

  static void update(Writing w, Setting old) throws SQLException, RowNotFoundException {
    become(w, old, old.tenant(), old.name());
  }

  static void delete(Writing w, Setting setting) throws SQLException, RowNotFoundException {
    w.change(
        setting,
        "DELETE FROM setting WHERE tenant_id = ? AND name = ?",
        setting.tenant(),
        setting.name());
    w.draft().remove(setting);
  }

  static void upsert(Writing w) throws SQLException, RowNotFoundException {
    Setting setting = new Setting(w.tenant(), w.anyOf(names(w)), w.mark());
    boolean there = w.draft().has(setting.rowKey());
    boolean overwrite = w.coin();
    int found =
        w.update(
            "INSERT INTO setting (tenant_id, name, payload, mark) VALUES (?, ?, ?, ?)"
                + " ON CONFLICT (tenant_id, name) DO "
                + (overwrite
                    ? "UPDATE SET payload = excluded.payload, mark = excluded.mark"
                    : "NOTHING"),
            setting.tenant(),
            setting.name(),
            OddValues.payload(setting.mark()),
            setting.mark());
    if (found != (overwrite || !there ? 1 : 0)) {
      throw new RowNotFoundException(setting, found);
    }
    if (found == 1) {
      w.draft().write(setting);
    }
  }

  /** A setting gets a new name; another one takes its old name in the same transaction. */
  static void rename(Writing w) throws SQLException, RowNotFoundException {
    Setting first = any(w);
    List<String> free = freeNames(w);
    if (free.isEmpty()) {
      delete(w, first);
      return;
    }
    List<Setting> others =
        w.own(Setting.class).stream().filter(other -> !other.equals(first)).toList();
    become(w, first, w.tenant(), w.anyOf(free));
    if (!others.isEmpty()) {
      become(w, w.anyOf(others), w.tenant(), first.name());
    }
  }

  /** Moves a setting to a neighbour, or one that was moved before back. */
  static void moveTenant(Writing w, String neighbour) throws SQLException, RowNotFoundException {
    List<Setting> given = w.given(Setting.class);
    List<String> free = freeNames(w);
    if (!given.isEmpty() && !free.isEmpty() && w.coin()) {
      become(w, w.anyOf(given), w.tenant(), w.anyOf(free));
    } else {
      become(w, any(w), neighbour, "gift-" + w.mark());
    }
  }

  /** Inserts a name that is taken, which the server refuses. */
  static void insertTaken(Writing w, Setting taken) throws SQLException {
    w.execute(
        "INSERT INTO setting (tenant_id, name, mark) VALUES (?, ?, ?)",
        taken.tenant(),
        taken.name(),
        w.mark());
  }

  private static void become(Writing w, Setting old, String tenant, String name)
      throws SQLException, RowNotFoundException {
    Setting setting = new Setting(tenant, name, w.mark());
    w.change(
        old,
        "UPDATE setting SET tenant_id = ?, name = ?, payload = ?, mark = ?"
            + " WHERE tenant_id = ? AND name = ?",
        tenant,
        name,
        OddValues.payload(setting.mark()),
        setting.mark(),
        old.tenant(),
        old.name());
    w.draft().replace(old, setting);
  }

  private static List<String> names(Writing w) {
    return IntStream.range(0, NAMES).mapToObj(n -> w.prefix() + "/" + n).toList();
  }

  private static List<String> freeNames(Writing w) {
    return names(w).stream()
        .filter(name -> !w.draft().has(new RowKey(w.tenant(), WorkloadTable.SETTING, name)))
        .toList();
  }
}

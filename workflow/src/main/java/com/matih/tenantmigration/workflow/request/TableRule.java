package com.matih.tenantmigration.workflow.request;

import com.fasterxml.jackson.annotation.JsonFormat;
import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Which rows of one table are the tenant's, where the plan cannot decide it; exactly one of its
 * components says so.
 *
 * @param tenantColumn the column of this table that holds the tenant's key
 * @param where SQL over the table's columns that is true for the tenant's rows; {@code {schema}}
 *     and {@code {tenantKey}} in it are replaced
 * @param owner the columns of the foreign key that leads to the owner; may be written as one text
 * @param sharedWithAll true where the table may be copied whole although tenants have rows in it,
 *     or keys of tenants point at it
 */
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record TableRule(
    @Nullable String tenantColumn,
    @Nullable String where,
    @JsonFormat(with = JsonFormat.Feature.ACCEPT_SINGLE_VALUE_AS_ARRAY) List<String> owner,
    @Nullable Boolean sharedWithAll) {

  /** What {@link #where} may hold beside SQL. */
  public static final String SCHEMA = "{schema}";

  /** See {@link #SCHEMA}; it is a value, and must not be written in quotes. */
  public static final String TENANT_KEY = "{tenantKey}";

  @SuppressWarnings("ConstantValue") // Jackson hands over null for what the file leaves out
  public TableRule {
    owner =
        owner == null
            ? List.of()
            : owner.size() == 1 && owner.get(0) != null
                ? Arrays.stream(owner.get(0).split(",", -1)).map(String::strip).toList()
                : List.copyOf(owner);
  }

  /** Rows whose column holds the tenant's key. */
  public static TableRule byColumn(String column) {
    return new TableRule(column, null, List.of(), null);
  }

  /** Rows for which the SQL is true. */
  public static TableRule byCondition(String where) {
    return new TableRule(null, where, List.of(), null);
  }

  /** Rows whose foreign key of these columns leads to the tenant's. */
  public static TableRule byOwner(List<String> columns) {
    return new TableRule(null, null, columns, null);
  }

  /** Rows that are copied whole, whoever's they are. */
  public static TableRule shared() {
    return new TableRule(null, null, List.of(), true);
  }

  /** Whether every row is copied. */
  @JsonIgnore
  public boolean isShared() {
    return Boolean.TRUE.equals(sharedWithAll);
  }
}

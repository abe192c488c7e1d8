package com.matih.tenantmigration.controlplane;

import com.matih.tenantmigration.controlplane.database.Transactions;
import com.matih.tenantmigration.jdbc.Sql;
import java.time.Duration;
import java.util.List;

/** What services have told of themselves and of tenants that became read-only. */
public final class ServiceInstances {

  private static final String STATES =
      """
      SELECT s.name,
             count(i.instance) FILTER (WHERE i.lease_until > clock_timestamp()),
             coalesce(array_to_string(array_agg(i.instance ORDER BY i.instance) FILTER (
               WHERE i.lease_until > clock_timestamp() AND NOT i.has_stopped), ', '), ''),
             coalesce(array_to_string(array_agg(i.instance ORDER BY i.instance) FILTER (
               WHERE i.lease_until <= clock_timestamp() AND NOT i.has_stopped
                 AND i.lease_until > i.since - make_interval(secs => ?)), ', '), '')
        FROM unnest(?::text[]) WITH ORDINALITY AS s(name, number)
        LEFT JOIN (
          SELECT i.service, i.instance, i.lease_until, c.updated_at AS since,
                 coalesce(a.version >= c.version, false) AS has_stopped
            FROM tenant_control.service_instance i
            JOIN tenant_control.tenant_config c ON c.tenant_id = ? AND c.state = 'READ_ONLY'
            LEFT JOIN tenant_control.read_only_acknowledgement a
              ON a.tenant_id = c.tenant_id AND a.service = i.service AND a.instance = i.instance
        ) AS i ON i.service = s.name
       GROUP BY s.number, s.name
       ORDER BY s.number
      """;

  private final Transactions transactions;

  ServiceInstances(Transactions transactions) {
    this.transactions = transactions;
  }

  /**
   * How far a service has come with a tenant that is read-only.
   *
   * @param live how many of its instances may write
   * @param writing those of them that have not acknowledged, with commas; empty for none
   * @param lost instances whose lease has ended without a word, when the tenant became read-only or
   *     not long before; empty for none
   */
  public record ServiceState(String service, long live, String writing, String lost) {

    /** Whether it is certain that the service no longer writes for the tenant. */
    public boolean hasStopped() {
      return live > 0 && writing.isEmpty() && lost.isEmpty();
    }
  }

  /**
   * How far services have come, in the order of their names.
   *
   * @param doubtful how long before the tenant became read-only a lease that ended counts as lost
   * @throws com.matih.tenantmigration.workflow.MigrationException where the control plane cannot be
   *     read (retryable)
   */
  public List<ServiceState> of(String tenant, List<String> services, Duration doubtful) {
    return transactions.run(
        "read what services acknowledged",
        connection ->
            Sql.list(
                connection,
                STATES,
                row ->
                    new ServiceState(
                        row.getString(1), row.getLong(2), row.getString(3), row.getString(4)),
                doubtful.toMillis() / 1000.0,
                Sql.array("text", services),
                tenant));
  }
}

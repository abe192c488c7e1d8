-- what lets a role that is not the owner read one tenant's rows, as pg_dump --enable-row-security does
GRANT USAGE ON SCHEMA {schema} TO {reader};
GRANT SELECT ON ALL TABLES IN SCHEMA {schema} TO {reader};
GRANT SELECT ON ALL SEQUENCES IN SCHEMA {schema} TO {reader};

CREATE POLICY own_rows ON {schema}.customers
  USING (tenant_id = current_setting('app.tenant')::uuid);
CREATE POLICY own_rows ON {schema}.orders
  USING (tenant_id = current_setting('app.tenant')::uuid);
CREATE POLICY own_rows ON {schema}.order_lines
  USING (EXISTS (
    SELECT FROM {schema}.orders AS o
    WHERE o.id = order_id AND o.tenant_id = current_setting('app.tenant')::uuid));
CREATE POLICY own_rows ON {schema}.documents
  USING (tenant_id = current_setting('app.tenant')::uuid);
CREATE POLICY own_rows ON {schema}.events
  USING (tenant_id = current_setting('app.tenant')::uuid);
-- pg_dump reads partitions one by one, and a policy of their root does not hold there
CREATE POLICY own_rows ON {schema}.events_q1
  USING (tenant_id = current_setting('app.tenant')::uuid);
CREATE POLICY own_rows ON {schema}.events_q2
  USING (tenant_id = current_setting('app.tenant')::uuid);
CREATE POLICY own_rows ON {schema}.events_q3
  USING (tenant_id = current_setting('app.tenant')::uuid);
CREATE POLICY own_rows ON {schema}.events_q4
  USING (tenant_id = current_setting('app.tenant')::uuid);

ALTER TABLE {schema}.customers ENABLE ROW LEVEL SECURITY;
ALTER TABLE {schema}.orders ENABLE ROW LEVEL SECURITY;
ALTER TABLE {schema}.order_lines ENABLE ROW LEVEL SECURITY;
ALTER TABLE {schema}.documents ENABLE ROW LEVEL SECURITY;
ALTER TABLE {schema}.events ENABLE ROW LEVEL SECURITY;
ALTER TABLE {schema}.events_q1 ENABLE ROW LEVEL SECURITY;
ALTER TABLE {schema}.events_q2 ENABLE ROW LEVEL SECURITY;
ALTER TABLE {schema}.events_q3 ENABLE ROW LEVEL SECURITY;
ALTER TABLE {schema}.events_q4 ENABLE ROW LEVEL SECURITY;

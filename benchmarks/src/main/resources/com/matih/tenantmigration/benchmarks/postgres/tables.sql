-- {tenant_column} and {identity} are empty where a tenant has a schema of its own
CREATE SCHEMA {schema};

CREATE TABLE {schema}.customers (
  id bigint NOT NULL {identity},
  {tenant_column}
  email text NOT NULL,
  name text NOT NULL,
  created_at timestamptz NOT NULL);

CREATE TABLE {schema}.orders (
  id bigint NOT NULL {identity},
  {tenant_column}
  customer_id bigint NOT NULL,
  status text NOT NULL,
  total numeric(12, 2) NOT NULL,
  placed_at timestamptz NOT NULL);

-- belongs to a tenant by its foreign key
CREATE TABLE {schema}.order_lines (
  order_id bigint NOT NULL,
  line integer NOT NULL,
  product text NOT NULL,
  quantity integer NOT NULL,
  price numeric(12, 2) NOT NULL);

CREATE TABLE {schema}.documents (
  id uuid NOT NULL,
  {tenant_column}
  title text NOT NULL,
  body jsonb NOT NULL,
  changed_at timestamptz NOT NULL);

CREATE TABLE {schema}.events (
  id bigint NOT NULL,
  {tenant_column}
  happened_at timestamptz NOT NULL,
  kind text NOT NULL,
  payload text NOT NULL)
PARTITION BY RANGE (happened_at);

CREATE TABLE {schema}.events_q1 PARTITION OF {schema}.events
  FOR VALUES FROM ('2025-01-01 00:00+00') TO ('2025-04-01 00:00+00');
CREATE TABLE {schema}.events_q2 PARTITION OF {schema}.events
  FOR VALUES FROM ('2025-04-01 00:00+00') TO ('2025-07-01 00:00+00');
CREATE TABLE {schema}.events_q3 PARTITION OF {schema}.events
  FOR VALUES FROM ('2025-07-01 00:00+00') TO ('2025-10-01 00:00+00');
CREATE TABLE {schema}.events_q4 PARTITION OF {schema}.events
  FOR VALUES FROM ('2025-10-01 00:00+00') TO ('2026-01-01 00:00+00');

-- The same numbers give the same rows. Row i belongs to tenant i % {tenants}, so the tenants' rows lie
-- mixed as they do where all write at the same time; k = i / {tenants} counts within a tenant.
INSERT INTO {schema}.customers (id, {tenant_name} email, name, created_at)
SELECT i + 1, {tenant_value}
  'customer-' || i || '@' || substr(md5('host' || i % 997), 1, 8) || '.example',
  initcap(substr(md5('first' || i), 1, 7)) || ' ' || initcap(substr(md5('last' || i), 1, 9)),
  timestamptz '2024-01-01 00:00+00' + i * interval '37 s'
FROM generate_series(0::bigint, {customers}::bigint * {tenants} - 1) AS i;

INSERT INTO {schema}.orders (id, {tenant_name} customer_id, status, total, placed_at)
SELECT i + 1, {tenant_value}
  i / {tenants} % {customers} * {tenants} + i % {tenants} + 1,
  (ARRAY['placed', 'paid', 'sent', 'returned'])[i * 7 % 4 + 1],
  (i * 7919 % 1000000)::numeric / 100,
  timestamptz '2024-01-01 00:00+00' + i * interval '13 s'
FROM generate_series(0::bigint, {orders}::bigint * {tenants} - 1) AS i;

INSERT INTO {schema}.order_lines (order_id, line, product, quantity, price)
SELECT i / {tenants} % {orders} * {tenants} + i % {tenants} + 1,
  i / {tenants} / {orders} + 1,
  'product-' || substr(md5('product' || i % 5003), 1, 12),
  i % 9 + 1,
  (i * 104729 % 100000)::numeric / 100
FROM generate_series(0::bigint, {order_lines}::bigint * {tenants} - 1) AS i;

INSERT INTO {schema}.documents (id, {tenant_name} title, body, changed_at)
SELECT md5('document' || i)::uuid, {tenant_value}
  'Document ' || i,
  jsonb_build_object(
    'kind', (ARRAY['note', 'report', 'query', 'dashboard', 'alert'])[i % 5 + 1],
    'author', 'user-' || i * 31 % 1009,
    'tags', jsonb_build_array('tag-' || i % 101, 'tag-' || i * 17 % 499, 'tag-' || i * 29 % 2003),
    'size', i * 6151 % 100000,
    'text', md5('one' || i) || ' ' || md5('two' || i) || ' ' || md5('three' || i)),
  timestamptz '2024-01-01 00:00+00' + i * interval '41 s'
FROM generate_series(0::bigint, {documents}::bigint * {tenants} - 1) AS i;

INSERT INTO {schema}.events (id, {tenant_name} happened_at, kind, payload)
SELECT i + 1, {tenant_value}
  timestamptz '2025-01-01 00:00+00'
    + i / {tenants} * (interval '8736 hours' / {events}::double precision),
  'kind-' || i % 23,
  md5('payload' || i) || substr(md5('more' || i), 1, (i % 32)::integer)
FROM generate_series(0::bigint, {events}::bigint * {tenants} - 1) AS i;

-- nothing where there is no sequence
SELECT setval(pg_get_serial_sequence('{schema}.customers', 'id'), max(id)) FROM {schema}.customers;
SELECT setval(pg_get_serial_sequence('{schema}.orders', 'id'), max(id)) FROM {schema}.orders;

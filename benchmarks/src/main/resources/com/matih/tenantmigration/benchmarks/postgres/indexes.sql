ALTER TABLE {schema}.customers ADD PRIMARY KEY (id);
ALTER TABLE {schema}.customers ADD UNIQUE ({tenant_name} email);

ALTER TABLE {schema}.orders ADD PRIMARY KEY (id);
ALTER TABLE {schema}.orders ADD FOREIGN KEY (customer_id) REFERENCES {schema}.customers;
CREATE INDEX ON {schema}.orders (customer_id);
CREATE INDEX ON {schema}.orders ({tenant_name} placed_at);

ALTER TABLE {schema}.order_lines ADD PRIMARY KEY (order_id, line);
ALTER TABLE {schema}.order_lines ADD FOREIGN KEY (order_id) REFERENCES {schema}.orders;
CREATE INDEX ON {schema}.order_lines (product);

ALTER TABLE {schema}.documents ADD PRIMARY KEY (id);
CREATE INDEX ON {schema}.documents USING gin (body);
CREATE INDEX ON {schema}.documents ({tenant_name} changed_at);

ALTER TABLE {schema}.events ADD PRIMARY KEY (id, happened_at);
CREATE INDEX ON {schema}.events ({tenant_name} kind);

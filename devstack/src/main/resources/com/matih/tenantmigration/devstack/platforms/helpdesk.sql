-- A help desk: numbers as keys, tickets in a partition for each large account, agents who work for several accounts, built-in
-- macros that are nobody's, webhooks with "accountId", an audit trail of anything.
CREATE SCHEMA desk;
SET search_path = desk;

CREATE DOMAIN subject AS text CHECK (length(VALUE) BETWEEN 1 AND 200);

CREATE TABLE accounts (id bigint PRIMARY KEY, subdomain text NOT NULL UNIQUE, parent_id bigint);
CREATE TABLE agents (id bigint PRIMARY KEY, email text NOT NULL UNIQUE, name text);
CREATE TABLE agent_accounts (
  agent_id bigint NOT NULL REFERENCES agents, account_id bigint NOT NULL REFERENCES accounts, since date,
  PRIMARY KEY (agent_id, account_id));
CREATE TABLE priorities (level int PRIMARY KEY, label text NOT NULL);
CREATE TABLE tickets (
  account_id bigint NOT NULL REFERENCES accounts, id bigint NOT NULL, subject subject NOT NULL, priority int REFERENCES priorities,
  assignee bigint REFERENCES agents, merged_into bigint, created date NOT NULL,
  search tsvector GENERATED ALWAYS AS (to_tsvector('simple', subject::text)) STORED,
  PRIMARY KEY (account_id, id),
  FOREIGN KEY (account_id, merged_into) REFERENCES tickets (account_id, id)
) PARTITION BY LIST (account_id);
CREATE TABLE tickets_large_1 PARTITION OF tickets FOR VALUES IN (41);
CREATE TABLE tickets_large_2 PARTITION OF tickets FOR VALUES IN (42);
CREATE TABLE tickets_others PARTITION OF tickets DEFAULT;
CREATE INDEX ON tickets USING gin (search);
CREATE TABLE messages (
  id bigserial PRIMARY KEY, account_id bigint NOT NULL, ticket_id bigint NOT NULL, author bigint REFERENCES agents, body text,
  FOREIGN KEY (account_id, ticket_id) REFERENCES tickets (account_id, id) ON DELETE CASCADE);
CREATE TABLE message_files (
  message_id bigint NOT NULL REFERENCES messages ON DELETE CASCADE, place int NOT NULL, content bytea, PRIMARY KEY (message_id, place));
CREATE TABLE macros (id bigint PRIMARY KEY, account_id bigint REFERENCES accounts, name text NOT NULL);
CREATE TABLE macro_steps (macro_id bigint NOT NULL REFERENCES macros, place int NOT NULL, action text, PRIMARY KEY (macro_id, place));
CREATE TABLE webhooks (id int PRIMARY KEY, "accountId" bigint NOT NULL, url text NOT NULL);
CREATE TABLE audits (
  id bigint PRIMARY KEY, auditable_type text NOT NULL, auditable_id bigint NOT NULL, agent_id bigint, change jsonb);
CREATE TABLE satisfaction (
  ticket_account bigint NOT NULL, ticket_id bigint NOT NULL, score smallint CHECK (score BETWEEN 1 AND 5),
  PRIMARY KEY (ticket_account, ticket_id),
  FOREIGN KEY (ticket_account, ticket_id) REFERENCES tickets (account_id, id));

INSERT INTO accounts VALUES (41, 'acme', NULL), (42, 'globex', NULL), (43, 'initech', NULL);
INSERT INTO agents SELECT i, 'agent' || i || '@desk.example', 'Agent ' || i FROM generate_series(1, 20) i;
INSERT INTO agent_accounts SELECT i, 41 + i % 3, DATE '2025-01-01' + i FROM generate_series(1, 20) i;
INSERT INTO agent_accounts VALUES (1, 41, NULL), (2, 41, NULL) ON CONFLICT DO NOTHING;
INSERT INTO priorities VALUES (1, 'low'), (2, 'normal'), (3, 'urgent');
INSERT INTO tickets (account_id, id, subject, priority, assignee, created)
  SELECT a, i, 'Ticket ' || i, CASE WHEN i % 7 > 0 THEN 1 + i % 3 END,
         (SELECT min(agent_id) + 3 * (i % 4) FROM agent_accounts WHERE account_id = a AND agent_id > 2), DATE '2026-01-01' + i
    FROM generate_series(41, 43) a, generate_series(1, 100) i;
UPDATE tickets SET merged_into = id - 1 WHERE id % 10 = 0;
INSERT INTO messages (account_id, ticket_id, author, body)
  SELECT account_id, id, assignee, repeat('text ', (id % 20)::int) FROM tickets, generate_series(1, 2);
INSERT INTO message_files SELECT id, 1, decode(md5(id::text), 'hex') FROM messages WHERE id % 5 = 0;
INSERT INTO macros VALUES (1, NULL, 'close'), (2, NULL, 'thank'), (3, 41, 'escalate'), (4, 42, 'refund');
INSERT INTO macro_steps SELECT id, place, 'step ' || place FROM macros, generate_series(1, 3) place;
INSERT INTO webhooks SELECT i, 41 + i % 3, 'https://hooks.example/' || i FROM generate_series(1, 9) i;
INSERT INTO audits
  SELECT row_number() OVER (ORDER BY kind, id), kind, id, 1, '{"by": "rule"}'
    FROM (SELECT 'Message' AS kind, id FROM messages WHERE id % 3 = 0
           UNION ALL SELECT 'Macro', id FROM macros WHERE account_id IS NOT NULL) a;
INSERT INTO satisfaction SELECT account_id, id, 1 + id % 5 FROM tickets WHERE id % 4 = 0;
ANALYZE;

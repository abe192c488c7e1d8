-- What the platform remembers. Flyway creates the schema tenant_control and runs this in it.

CREATE TABLE tenant_config (
    tenant_id          text PRIMARY KEY,
    tier               text NOT NULL,
    state              text NOT NULL CHECK (state IN ('ACTIVE', 'READ_ONLY')),
    database_url       text,
    object_storage_url text,
    kafka_bootstrap    text,
    elasticsearch_url  text,
    redis_url          text,
    version            bigint NOT NULL DEFAULT 1,
    updated_at         timestamptz NOT NULL DEFAULT now()
);

-- One row a migration: where it stands and its report so far.
CREATE TABLE migration (
    migration_id    text PRIMARY KEY,
    tenant_id       text NOT NULL,
    workflow_id     text NOT NULL,
    run_id          text NOT NULL,
    phase           text NOT NULL,
    outcome         text NOT NULL,
    report          jsonb NOT NULL,
    started_at      timestamptz NOT NULL DEFAULT now(),
    updated_at      timestamptz NOT NULL DEFAULT now()
);

CREATE INDEX migration_tenant ON migration (tenant_id, started_at DESC);

-- step is unique within a migration: a change of the configuration commits together with its row
-- here, so that a second try of a step whose answer was lost finds its own work. What the
-- configuration was before stands in the details of that row, for a rollback to restore.
CREATE TABLE migration_audit (
    id           bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    migration_id text NOT NULL,
    tenant_id    text NOT NULL,
    at           timestamptz NOT NULL DEFAULT clock_timestamp(),
    phase        text NOT NULL,
    event        text NOT NULL,
    outcome      text NOT NULL,
    details      jsonb NOT NULL DEFAULT '{}',
    step         text NOT NULL,
    UNIQUE (migration_id, step)
);

CREATE INDEX migration_audit_tenant ON migration_audit (tenant_id, id);

CREATE FUNCTION refuse_audit_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'the audit trail is append only';
END
$$;

CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON migration_audit
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_audit_change();

-- What a migration said it would create, before it did; and what it read once and must read the
-- same way again.
CREATE TABLE migration_journal (
    migration_id text NOT NULL,
    store        text NOT NULL,
    kind         text NOT NULL CHECK (kind IN ('INTENT', 'NOTE')),
    name         text NOT NULL,
    value        jsonb NOT NULL,
    at           timestamptz NOT NULL DEFAULT clock_timestamp(),
    PRIMARY KEY (migration_id, store, kind, name)
);

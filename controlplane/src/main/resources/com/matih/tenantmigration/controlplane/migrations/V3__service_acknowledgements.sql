-- Services that write for tenants say so here, and say when a tenant that became read-only is no
-- longer written to. Their users need SELECT, INSERT, UPDATE and DELETE on both tables.

-- An instance writes only until its lease ends, and renews it long before.
CREATE TABLE service_instance (
    service     text NOT NULL,
    instance    text NOT NULL,
    lease_until timestamptz NOT NULL,
    PRIMARY KEY (service, instance)
);

-- The version of a tenant's configuration, which is READ_ONLY, with which an instance has stopped
-- writing for it: what it had begun has ended too.
CREATE TABLE read_only_acknowledgement (
    tenant_id text NOT NULL,
    service   text NOT NULL,
    instance  text NOT NULL,
    version   bigint NOT NULL,
    at        timestamptz NOT NULL DEFAULT clock_timestamp(),
    PRIMARY KEY (tenant_id, service, instance)
);

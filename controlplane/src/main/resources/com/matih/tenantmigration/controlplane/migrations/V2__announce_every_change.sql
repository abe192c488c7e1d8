-- Services follow tenant_config through NOTIFY. Whoever changes a row, a person at psql included,
-- is announced by the table itself. A change that leaves the version as it was gets the next one,
-- so that nobody's compare-and-set overlooks it.

CREATE FUNCTION number_tenant_config() RETURNS trigger LANGUAGE plpgsql
SET search_path = pg_catalog AS $$
BEGIN
    IF NEW.version <= OLD.version THEN
        NEW.version := OLD.version + 1;
    END IF;
    IF NEW.updated_at IS NOT DISTINCT FROM OLD.updated_at THEN
        NEW.updated_at := clock_timestamp();
    END IF;
    RETURN NEW;
END
$$;

CREATE FUNCTION announce_tenant_config() RETURNS trigger LANGUAGE plpgsql
SET search_path = pg_catalog AS $$
BEGIN
    IF TG_OP = 'TRUNCATE' THEN
        -- an empty payload has every listener read all tenants
        PERFORM pg_notify('tenant_config', '');
        RETURN NULL;
    END IF;
    IF TG_OP <> 'INSERT' THEN
        PERFORM pg_notify('tenant_config', OLD.tenant_id);
    END IF;
    IF TG_OP <> 'DELETE' THEN
        PERFORM pg_notify('tenant_config', NEW.tenant_id);
    END IF;
    RETURN NULL;
END
$$;

CREATE TRIGGER number_change BEFORE UPDATE ON tenant_config
    FOR EACH ROW WHEN (OLD.* IS DISTINCT FROM NEW.*) EXECUTE FUNCTION number_tenant_config();
CREATE TRIGGER announce_change AFTER INSERT OR UPDATE OR DELETE ON tenant_config
    FOR EACH ROW EXECUTE FUNCTION announce_tenant_config();
CREATE TRIGGER announce_truncate AFTER TRUNCATE ON tenant_config
    FOR EACH STATEMENT EXECUTE FUNCTION announce_tenant_config();

-- also where a session has set session_replication_role to replica, as restores do
ALTER TABLE tenant_config ENABLE ALWAYS TRIGGER number_change;
ALTER TABLE tenant_config ENABLE ALWAYS TRIGGER announce_change;
ALTER TABLE tenant_config ENABLE ALWAYS TRIGGER announce_truncate;

#!/bin/sh
# Creates Temporal's two databases and brings their schemas to the server's version; may run again.
set -eu

for database in temporal visibility; do
  name=$database
  [ "$database" = temporal ] || name=temporal_visibility
  sql() {
    temporal-sql-tool --plugin postgres12 --endpoint "$SQL_HOST" --port 5432 --user "$SQL_USER" \
      --database "$name" "$@"
  }
  # the server may have just come up
  for attempt in $(seq 1 30); do
    sql create && break
    [ "$attempt" -lt 30 ] || exit 1
    sleep 2
  done
  # a database that has the tables already says so; the update below is what counts
  sql setup-schema --version 0.0 || echo "$name: set up before"
  sql update-schema --schema-dir "/etc/temporal/schema/postgresql/v12/$database/versioned"
done

#!/bin/sh
# Creates two tenants in the shared clusters: configuration, objects and documents. May run again, even
# while a tenant is read-only: it skips what exists.
set -eu

psql --no-psqlrc --quiet --set ON_ERROR_STOP=1 --dbname control << 'SQL'
INSERT INTO tenant_control.tenant_config
    (tenant_id, tier, state, database_url, object_storage_url, kafka_bootstrap, elasticsearch_url, redis_url)
SELECT tenant, 'STARTER', 'ACTIVE', 'jdbc:postgresql://shared-postgres:5432/shared',
       's3://shared-data/tenants/' || tenant || '/', 'shared-kafka:9092',
       'http://shared-elasticsearch:9200', 'redis://shared-redis:6379'
FROM unnest(ARRAY['acme', 'globex']) AS tenant
ON CONFLICT DO NOTHING;
SQL

# the key reaches curl through a pipe, so that no list of processes shows it
s3() {
  printf 'user = "%s:%s"\n' "$S3_ACCESS_KEY" "$S3_SECRET_KEY" |
    curl --config - --silent --show-error --fail --aws-sigv4 aws:amz:us-east-1:s3 \
      --header 'x-amz-content-sha256: UNSIGNED-PAYLOAD' "$@"
}

s3 --head "$S3_ENDPOINT/shared-data" > /dev/null 2>&1 || s3 --request PUT "$S3_ENDPOINT/shared-data"
for tenant in acme globex; do
  # the last one: if it exists, the others exist too
  if s3 --head "$S3_ENDPOINT/shared-data/tenants/$tenant/artifact-20.txt" > /dev/null 2>&1; then
    continue
  fi
  for number in $(seq 1 20); do
    s3 --request PUT --header 'Content-Type: text/plain' --header "x-amz-meta-number: $number" \
      --data-binary "artifact $number of $tenant" \
      "$S3_ENDPOINT/shared-data/tenants/$tenant/artifact-$number.txt"
  done
done

curl --silent --fail --head "$ELASTICSEARCH/shared-queries" > /dev/null ||
  curl --silent --show-error --fail --request PUT "$ELASTICSEARCH/shared-queries" \
    --header 'Content-Type: application/json' --data '{
      "settings": {"number_of_replicas": 0},
      "mappings": {"properties": {"tenant_id": {"type": "keyword"}, "title": {"type": "text"}}}}' \
    --output /dev/null
if ! curl --silent --fail --head "$ELASTICSEARCH/shared-queries/_doc/500" > /dev/null; then
  for number in $(seq 1 500); do
    tenant=acme
    [ $((number % 2)) -eq 0 ] || tenant=globex
    printf '{"index": {"_id": "%s"}}\n{"tenant_id": "%s", "title": "query %s"}\n' \
      "$number" "$tenant" "$number"
  done | curl --silent --show-error --fail "$ELASTICSEARCH/shared-queries/_bulk?refresh=true" \
    --header 'Content-Type: application/x-ndjson' --data-binary @- --output /dev/null
fi
echo "two tenants are there"

#!/bin/sh
# Creates the namespace and the search attributes that migrations set; may run again.
set -eu

for attempt in $(seq 1 60); do
  temporal operator cluster health && break
  [ "$attempt" -lt 60 ] || exit 1
  sleep 2
done

temporal operator namespace describe --namespace default > /dev/null 2>&1 ||
  temporal operator namespace create --namespace default --retention 30d

# a new namespace is known to the whole server after some seconds
for attempt in $(seq 1 30); do
  temporal operator search-attribute list --namespace default > /tmp/attributes && break
  [ "$attempt" -lt 30 ] || exit 1
  sleep 2
done
for name in TenantId MigrationPhase MigrationOutcome; do
  grep -q "$name" /tmp/attributes ||
    temporal operator search-attribute create --namespace default --name "$name" --type Keyword
done

#!/bin/sh
# Creates a topic with records of two tenants in the shared Kafka, and a group that has read some of them.
# Does nothing if the group exists, which is created last; starts over if only the topic exists.
set -eu

topic=shared.query-events
group=shared-indexer
if "$KAFKA_BIN/kafka-consumer-groups.sh" --bootstrap-server "$BOOTSTRAP" --list | grep -qx "$group"; then
  echo "$topic and $group are there"
  exit 0
fi
"$KAFKA_BIN/kafka-topics.sh" --bootstrap-server "$BOOTSTRAP" --delete --if-exists --topic "$topic"
"$KAFKA_BIN/kafka-topics.sh" --bootstrap-server "$BOOTSTRAP" --create --topic "$topic" --partitions 3
for number in $(seq 1 1000); do
  tenant=acme
  [ $((number % 2)) -eq 0 ] || tenant=globex
  printf 'tenant-id:%s\tquery-%s\t{"query": %s}\n' "$tenant" "$((number % 40))" "$number"
done | "$KAFKA_BIN/kafka-console-producer.sh" --bootstrap-server "$BOOTSTRAP" --topic "$topic" \
  --reader-property parse.headers=true --reader-property parse.key=true
"$KAFKA_BIN/kafka-consumer-groups.sh" --bootstrap-server "$BOOTSTRAP" --group "$group" \
  --topic "$topic" --reset-offsets --to-earliest --execute

# Two images: --target worker, --target starter. Both run as an ordinary user, and have no compiler,
# no Maven and nothing of the tests' servers in them.

FROM maven:3.9.11-eclipse-temurin-17 AS build
WORKDIR /source
COPY . .
# each module's own jar, and beside it what it needs at run time
RUN mvn -B -ntp -Dmaven.test.skip=true -pl worker,starter -am \
      package dependency:copy-dependencies -DincludeScope=runtime

FROM eclipse-temurin:17.0.17_10-jre-noble AS runtime
# curl is for the health check
# hadolint ignore=DL3008
RUN apt-get update \
 && apt-get install -y --no-install-recommends curl \
 && rm -rf /var/lib/apt/lists/* \
 && groupadd --system --gid 10001 migration \
 && useradd --system --uid 10001 --gid migration --home-dir /var/lib/tenant-migration --create-home migration
WORKDIR /var/lib/tenant-migration

FROM runtime AS starter
COPY --from=build /source/starter/target/dependency/ /app/lib/
COPY --from=build /source/starter/target/starter-*.jar /app/lib/
USER 10001:10001
ENTRYPOINT ["java", "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-Dslf4j.internal.verbosity=ERROR", "-cp", "/app/lib/*", "com.matih.tenantmigration.starter.cli.StarterMain"]
CMD ["--help"]

FROM runtime AS worker
# pg_dump and pg_restore must not be older than the servers
# hadolint ignore=DL3008
RUN apt-get update \
 && apt-get install -y --no-install-recommends postgresql-client-16 \
 && rm -rf /var/lib/apt/lists/* \
 && install -d -o migration -g migration /var/lib/tenant-migration/snapshots
COPY --from=build /source/worker/target/dependency/ /app/lib/
COPY --from=build /source/worker/target/worker-*.jar /app/lib/
USER 10001:10001
ENV LOG_FORMAT=json
EXPOSE 9464
HEALTHCHECK --interval=10s --timeout=5s --start-period=60s --retries=3 \
  CMD ["curl", "-fsS", "http://127.0.0.1:9464/readyz"]
ENTRYPOINT ["java", "-XX:MaxRAMPercentage=70", "-XX:+ExitOnOutOfMemoryError", "-XX:OnOutOfMemoryError=echo 'tenant-migration: the worker ran out of memory and ends with exit code 3. Temporal gives its work to another worker or to its next start. Give it more memory (-Xmx), or lower limits.bulkActivities.' >&2", "-cp", "/app/lib/*", "com.matih.tenantmigration.worker.WorkerMain"]
CMD ["worker", "--config", "/etc/tenant-migration/worker.yaml"]

package com.matih.tenantmigration.workflow.request.validation;

import com.matih.tenantmigration.workflow.request.ByteSize;
import com.matih.tenantmigration.workflow.request.CutoverSpec;
import com.matih.tenantmigration.workflow.request.MigrationRequest;
import com.matih.tenantmigration.workflow.request.ThrottleSpec;
import java.time.Duration;
import java.util.List;
import java.util.regex.Pattern;

/**
 * What is wrong with a request by itself, without a look at any system.
 *
 * <p>Pure and deterministic: a workflow may ask it.
 */
public final class RequestProblems {

  private static final Pattern TENANT = Pattern.compile("[a-z0-9][a-z0-9-]{0,62}");
  private static final Pattern SNAPSHOT_FILE = Pattern.compile("file:(?:///?|/)[^/].*");
  private static final Pattern SNAPSHOT_S3 = Pattern.compile("s3://[^/]+(?:/.*)?");

  /** The tenant is read-only for as long. */
  private static final Duration LONGEST_SETTLE = Duration.ofHours(1);

  /** A try of its own takes some seconds. */
  private static final Duration SHORTEST_STORE_TIMEOUT = Duration.ofSeconds(10);

  private static final Duration LONGEST_STORE_TIMEOUT = Duration.ofHours(1);

  private static final int MOST_ENDPOINTS = 100;
  private static final int MOST_QUERIES = 500;
  private static final int MOST_SERVICES = 100;

  private RequestProblems() {}

  /** Every problem, in the order of the request's keys; none for a request that can be tried. */
  public static List<RequestProblem> of(MigrationRequest request) {
    Problems problems = new Problems();
    TextProblems.find(problems, request);
    tenant(problems, request);
    snapshot(problems, request);
    PostgresProblems.find(problems, request);
    ObjectStorageProblems.find(problems, request);
    KafkaProblems.find(problems, request);
    ElasticsearchProblems.find(problems, request);
    RedisProblems.find(problems, request);
    verification(problems, request);
    services(problems, request);
    cutover(problems, request);
    throttle(problems, request);
    problems.require(
        request.postgres() != null
            || request.objectStorage() != null
            || request.kafka() != null
            || request.elasticsearch() != null
            || request.redis() != null,
        "",
        "names no store",
        "Add at least one of postgres, objectStorage, kafka, elasticsearch and redis.");
    return problems.found();
  }

  @SuppressWarnings("ConstantValue") // Jackson hands over null for what the file leaves out
  private static void tenant(Problems problems, MigrationRequest request) {
    if (problems.present(request.tenant(), "tenant")) {
      problems.require(
          TENANT.matcher(request.tenant()).matches(),
          "tenant",
          "is not a tenant's id",
          "Write at most 63 lower-case letters, digits and dashes, not starting with a dash.");
      problems.text(request.tenantKey(), "tenantKey");
    }
    if (problems.present(request.tier(), "tier")) {
      problems.text(request.tier().from(), "tier.from");
      problems.text(request.tier().to(), "tier.to");
      problems.require(
          request.tier().from() == null || !request.tier().from().equals(request.tier().to()),
          "tier.to",
          "is the tenant's current tier",
          "Write the new tier.");
    }
    problems.duration(request.settle(), LONGEST_SETTLE, "settle");
    problems.duration(
        request.storeTimeout(), SHORTEST_STORE_TIMEOUT, LONGEST_STORE_TIMEOUT, "storeTimeout");
  }

  @SuppressWarnings("ConstantValue") // Jackson hands over null for what the file leaves out
  private static void snapshot(Problems problems, MigrationRequest request) {
    String path = "snapshot.location";
    if (!problems.present(request.snapshot(), "snapshot")
        || !problems.text(request.snapshot().location(), path)) {
      return;
    }
    String location = request.snapshot().location();
    boolean inBucket = SNAPSHOT_S3.matcher(location).matches();
    problems.require(
        (inBucket || SNAPSHOT_FILE.matcher(location).matches())
            && !location.matches(".*/\\.\\.(/.*)?")
            && !location.contains("@")
            && !location.contains("?"),
        path,
        "is not a valid snapshot location",
        "Write file:/a/path/that/all/workers/share or s3://bucket/prefix.");
    problems.require(
        !inBucket || request.objectStorage() != null,
        path,
        "is in a bucket, but the request has no objectStorage with its credentials",
        "Add objectStorage, or write a file: location.");
  }

  private static void services(Problems problems, MigrationRequest request) {
    List<String> services = request.services();
    problems.count(services, MOST_SERVICES, "services");
    for (int i = 0; i < services.size(); i++) {
      problems.text(services.get(i), "services[" + i + "]");
    }
    problems.distinct(services, service -> service, "services", "");
  }

  private static void cutover(Problems problems, MigrationRequest request) {
    CutoverSpec cutover = request.cutover();
    if (cutover == null) {
      return;
    }
    problems.require(
        cutover.hasReadableMoment(),
        "cutover.notBefore",
        "is not a moment, or not one of the years 1970 to 2200",
        "Write one such as 2027-01-31T22:00:00Z.");
    problems.require(
        cutover.hasReadableWindow(),
        "cutover.window",
        "is not a time of the day",
        "Write one such as 02:00-04:00 Europe/Berlin.");
  }

  private static void throttle(Problems problems, MigrationRequest request) {
    ThrottleSpec throttle = ThrottleSpec.of(request.throttle());
    problems.require(
        throttle.bytesPerSecond() == null || throttle.bytesPerSecond() > 0,
        "throttle.bytesPerSecond",
        "has to be more than zero",
        "%s Remove the key for no bound.".formatted(ByteSize.EXAMPLES));
    if (throttle.maxReplicaLag() != null) {
      problems.duration(
          throttle.maxReplicaLag(),
          ThrottleSpec.SHORTEST_LAG,
          ThrottleSpec.LONGEST_LAG,
          "throttle.maxReplicaLag");
    }
  }

  private static void verification(Problems problems, MigrationRequest request) {
    List<String> api = request.verification().api();
    List<String> queries = request.verification().queries();
    for (int i = 0; i < api.size(); i++) {
      Addresses.endpoint(problems, api.get(i), "verification.api[" + i + "]");
    }
    problems.count(api, MOST_ENDPOINTS, "verification.api");
    problems.count(queries, MOST_QUERIES, "verification.queries");
    problems.distinct(api, address -> address, "verification.api", "");
    for (int i = 0; i < queries.size(); i++) {
      problems.text(queries.get(i), "verification.queries[" + i + "]");
    }
    problems.distinct(queries, query -> query, "verification.queries", "");
    problems.require(
        queries.isEmpty() || request.postgres() != null,
        "verification.queries",
        "has queries, but the request has no postgres section",
        "Add postgres, or remove the queries.");
  }
}

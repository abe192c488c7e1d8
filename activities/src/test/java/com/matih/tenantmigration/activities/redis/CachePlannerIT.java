package com.matih.tenantmigration.activities.redis;

import static org.assertj.core.api.Assertions.assertThat;

import com.matih.tenantmigration.workflow.MigrationContext;
import com.matih.tenantmigration.workflow.report.PlanFindings;
import com.matih.tenantmigration.workflow.report.Refusal;
import org.junit.jupiter.api.Test;

/** What a plan says of both caches. */
class CachePlannerIT extends CacheLab {

  @Test
  void keysOfAnotherTypeThanTheLoaderWritesAreRefused() {
    shared.set("acme:query:1", "a string");
    shared.hset("acme:query:2", "user", "ann");
    shared.zadd("acme:query:3", 1, "x");
    shared.hset("acme:other:4", "user", "bob");
    shared.hset("globex:query:5", "user", "eve");

    PlanFindings findings = new CachePlanner(connections).plan(context, MONITOR);

    assertThat(findings.refusals())
        .singleElement()
        .satisfies(
            refusal -> {
              assertThat(refusal.object()).isEqualTo("query:{id}");
              assertThat(refusal.reason())
                  .contains("has 2 keys of its name", "WRONGTYPE")
                  .containsAnyOf("acme:query:2 (hash)", "acme:query:3 (zset)");
            });
    shared.del("acme:query:2", "acme:query:3");
    assertThat(new CachePlanner(connections).plan(context, MONITOR).refusals()).isEmpty();
  }

  @Test
  void aPlanNamesEveryProblemAtOnceAndChangesNothing() {
    shared.set("acme:a", "1");
    shared.set("globex:a", "1");
    dedicated.set("theirs", "1");
    MigrationContext wrong = context(sharedServer.uri(), loader("constant", BY_ID));

    PlanFindings findings = new CachePlanner(connections).plan(wrong, MONITOR);

    assertThat(findings.refusals())
        .extracting(Refusal::object)
        .containsExactlyInAnyOrder("constant", "dedicated Redis");
    assertThat(findings.stores().redis().keys()).isEqualTo(1);
    assertThat(dedicated.keys("*")).containsExactly("theirs");

    MigrationContext unreachable = context("redis://127.0.0.1:1", loader("query:{id}", BY_ID));
    PlanFindings unknown = new CachePlanner(connections).plan(unreachable, MONITOR);
    assertThat(unknown.stores().redis()).as("a number that nobody knows").isNull();
    assertThat(unknown.refusals())
        .anySatisfy(
            refusal -> {
              assertThat(refusal.object()).isEqualTo("redis.source");
              assertThat(refusal.reason())
                  .startsWith("Cannot connect to the shared Redis at 127.0.0.1:1")
                  .endsWith(".");
              assertThat(refusal.remedy()).startsWith("Check that it is running");
            });
    dedicated.flushall();
    assertThat(new CachePlanner(connections).plan(context, MONITOR).refusals()).isEmpty();
    assertThat(dedicated.dbsize()).isZero();
  }
}

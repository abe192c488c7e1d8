package com.matih.tenantmigration.activities.redis;

import static org.assertj.core.api.Assertions.assertThat;

import com.matih.tenantmigration.activities.testing.TestSecrets;
import com.matih.tenantmigration.workflow.MigrationContext;
import com.matih.tenantmigration.workflow.report.PlanFindings;
import com.matih.tenantmigration.workflow.report.Refusal;
import com.matih.tenantmigration.workflow.request.RedisSpec;
import io.lettuce.core.AclSetuserArgs;
import io.lettuce.core.api.sync.RedisCommands;
import io.lettuce.core.protocol.CommandType;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What a plan says of both caches. */
class CachePlannerIT extends CacheLab {

  private static final RedisSpec.Loader BY_QUERY = loader("query:{id}", BY_ID);

  @Test
  void keysOfAnotherTypeThanTheLoaderWritesAreRefused() {
    shared.set("acme:query:1", "a string");
    shared.hset("acme:query:2", "user", "ann");
    shared.zadd("acme:query:3", 1, "x");
    shared.hset("acme:other:4", "user", "bob");
    shared.hset("globex:query:5", "user", "eve");

    PlanFindings findings =
        new CachePlanner(connections, rows.columnTexts()).plan(context, MONITOR);

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
    assertThat(new CachePlanner(connections, rows.columnTexts()).plan(context, MONITOR).refusals())
        .isEmpty();
  }

  @Test
  void keysOfAnotherTypeThatNoRowCanGiveAreNoConflict() {
    shared.set("acme:query:7", "a string");
    shared.hset("acme:query:7:cart", "apple", "2");
    shared.sadd("acme:query:by-user", "ann");

    assertThat(new CachePlanner(connections, rows.columnTexts()).plan(context, MONITOR).refusals())
        .isEmpty();
  }

  @Test
  void aCommandThatTheUserOfTheDedicatedRedisMayNotRunIsRefusedByName() {
    permit(dedicated, new AclSetuserArgs().allCommands().removeCommand(CommandType.TIME));

    PlanFindings findings = planAsPermitted();

    assertThat(findings.refusals())
        .singleElement()
        .satisfies(
            refusal -> {
              assertThat(refusal.object()).isEqualTo("dedicated Redis");
              assertThat(refusal.reason())
                  .isEqualTo("Its user may not run TIME, which the warming of the cache needs.");
              assertThat(refusal.remedy()).contains("+time");
            });
    assertThat(dedicated.dbsize()).isZero();

    permit(dedicated, new AclSetuserArgs().allCommands().removeCommand(CommandType.UNLINK));
    assertThat(planAsPermitted().refusals())
        .extracting(Refusal::reason)
        .containsExactly("Its user may not run UNLINK, which the warming of the cache needs.");
    assertThat(dedicated.dbsize()).isZero();

    permit(dedicated, new AclSetuserArgs().allCommands());
    assertThat(planAsPermitted().refusals()).isEmpty();
    assertThat(dedicated.dbsize()).isZero();
  }

  @Test
  void aCommandThatTheUserOfTheSharedRedisMayNotRunIsNamed() {
    shared.set("acme:query:1", "1");
    permit(shared, new AclSetuserArgs().allCommands().removeCommand(CommandType.PTTL));

    assertThat(planAsPermitted().refusals())
        .extracting(Refusal::reason)
        .singleElement()
        .asString()
        .contains("(NOPERM: no right to run PTTL)");
  }

  private static void permit(RedisCommands<String, String> server, AclSetuserArgs rights) {
    server.aclDeluser("limited");
    server.aclSetuser("limited", rights.on().nopass().allKeys());
  }

  /** As the user of either server that is permitted less, where there is one. */
  private PlanFindings planAsPermitted() {
    MigrationContext limited =
        context(uri(sharedServer.uri(), shared), uri(dedicatedServer.uri(), dedicated), BY_QUERY);
    return new CachePlanner(new RedisConnections(TestSecrets.of(name -> "any")), rows.columnTexts())
        .plan(limited, MONITOR);
  }

  private static String uri(String uri, RedisCommands<String, String> server) {
    return server.aclUsers().contains("limited")
        ? uri.replace("redis://", "redis://limited:${env:REDIS_PASSWORD}@")
        : uri;
  }

  @AfterEach
  void permitAll() {
    shared.aclDeluser("limited");
    dedicated.aclDeluser("limited");
  }

  @Test
  void aPlanNamesEveryProblemAtOnceAndChangesNothing() {
    shared.set("acme:a", "1");
    shared.set("globex:a", "1");
    dedicated.set("theirs", "1");
    MigrationContext wrong = context(sharedServer.uri(), loader("constant", BY_ID));

    PlanFindings findings = new CachePlanner(connections, rows.columnTexts()).plan(wrong, MONITOR);

    assertThat(findings.refusals())
        .extracting(Refusal::object)
        .containsExactlyInAnyOrder("constant", "dedicated Redis");
    assertThat(findings.stores().redis().keys()).isEqualTo(1);
    assertThat(dedicated.keys("*")).containsExactly("theirs");

    MigrationContext unreachable = context("redis://127.0.0.1:1", loader("query:{id}", BY_ID));
    PlanFindings unknown =
        new CachePlanner(connections, rows.columnTexts()).plan(unreachable, MONITOR);
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
    assertThat(new CachePlanner(connections, rows.columnTexts()).plan(context, MONITOR).refusals())
        .isEmpty();
    assertThat(dedicated.dbsize()).isZero();
  }
}

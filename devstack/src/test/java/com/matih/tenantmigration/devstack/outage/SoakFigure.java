package com.matih.tenantmigration.devstack.outage;

/**
 * What is counted at rest: no migration runs, and all that the tenants had is removed. A figure
 * must not exceed what it was after the first round by more than its slack.
 */
enum SoakFigure {
  HEAP(
      "heap/KiB",
      2_048,
      "classes' data, caches of reflection and series of metrics come with paths that the first"
          + " round did not take; 20 KiB a migration exceed it after a hundred"),
  METASPACE("meta/KiB", 4_096, "classes of paths that the first round did not take"),
  RESIDENT("rss/KiB", 200_000, "the heap grows to its limit of 512 MiB before it is collected"),
  THREADS("threads", 8, "Temporal's pollers and executors and the control plane's come and go"),
  SOCKETS("sockets", 8, "the pool of the control plane has up to eight, Temporal's client some"),
  FILES("files", 8, "jars that are opened when a class of theirs is first needed"),
  OTHER_DESCRIPTORS("otherfd", 4, "selectors of clients that stay, none of a migration's own"),
  CHILDREN("children", 0, "pg_dump and its like end with the step"),
  TEMPORARY_FILES("tmp", 0, "each step removes its folder"),
  SERIES(
      "series",
      1_500,
      "a series begins with the first failure or cancel of its step; no label names a tenant"),
  COMPLAINTS("leaklog", 0, "nobody finds something that was not given back"),
  CONTROL_CONNECTIONS("control", 8, "the pool of the control plane has up to eight"),
  STORE_CONNECTIONS("stores", 0, "a migration's connections end with its steps"),
  SHARED_SESSIONS("pgS", 0, "the same, as the shared PostgreSQL sees it"),
  DEDICATED_SESSIONS("pgD", 0, "the same, as the dedicated PostgreSQL sees it"),
  FENCE_TRIGGERS("trig", 0, "they go with a rollback, or with the shared copy"),
  FENCE_OBJECTS("fence", 0, "functions, notes and sequences: the same"),
  SHARED_OBJECTS("pgobj", 0, "nothing else is created in the shared database either"),
  DATABASES("dbs", 0, "a dedicated database goes with its tenant or a rollback"),
  SCRATCH_DATABASES("scratch", 0, "a rehearsal's goes with the plan"),
  SLOTS("slots", 0, "none is ever created"),
  PREPARED("2pc", 0, "none is ever prepared"),
  ADVISORY_LOCKS("advis", 0, "they end with their transaction or session"),
  ROLES("roles", 0, "none is ever created"),
  TOPICS("topics", 0, "anchors go when a migration ends"),
  GROUPS("groups", 0, "those of the replay too"),
  OPEN_TRANSACTIONS("kafkatx", 0, "each is committed or aborted"),
  INDICES("indices", 0, "a dedicated index goes with its tenant or a rollback"),
  ALIASES("aliases", 0, "the alias for writing goes when a migration ends"),
  SEARCH_CONTEXTS(
      "pit",
      20,
      "one of each shard is left by a rollback after CATCH_UP, one by each lost"
          + " answer; the cluster ends them after five minutes"),
  REDIS_CLIENTS("redis", 0, "connections end with their step"),
  REDIS_KEYS("keys", 0, "no key but the tenants' own is written"),
  REDIS_SCRIPTS("scripts", 0, "a script has the same text for all tenants"),
  BUCKETS("buckets", 0, "a dedicated bucket goes with its tenant or a rollback"),
  OBJECTS("objects", 0, "a snapshot that is not reported would be left"),
  UPLOADS("uploads", 0, "each is completed or aborted"),
  TENANTS("tenants", 0, "what the control plane has of tenants and services goes with them"),
  AUDIT_ROWS("audit/m", 30, "the most rows of one migration; retries and commands add some"),
  JOURNAL_ROWS("journal/m", 10, "the most rows of one migration; faults add some"),
  REPORT("report/KiB", 20, "the largest report of a migration"),
  RUNNING("running", 0, "a migration that has ended is on record so");

  private final String heading;
  private final long slack;
  private final String why;

  SoakFigure(String heading, long slack, String why) {
    this.heading = heading;
    this.slack = slack;
    this.why = why;
  }

  String heading() {
    return heading;
  }

  boolean isTooMuch(long value, long afterFirstRound) {
    return value > afterFirstRound + slack;
  }

  String bound() {
    return "at most %d more than after the first round, because %s".formatted(slack, why);
  }
}

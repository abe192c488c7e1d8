package com.matih.tenantmigration.workflow.request.validation;

import com.matih.tenantmigration.workflow.request.MigrationRequest;
import com.matih.tenantmigration.workflow.request.RedisSpec;
import com.matih.tenantmigration.workflow.request.RedisSpec.Loader;
import java.time.Duration;
import java.util.List;
import java.util.regex.Pattern;

/** What is wrong with a request's part for Redis. */
final class RedisProblems {

  private static final Pattern PLACEHOLDER =
      Pattern.compile("\\{\\{|}}|\\{([A-Za-z_][A-Za-z0-9_$]*)}");
  private static final Pattern QUERY =
      Pattern.compile(
          "\\s*\\(*\\s*(select|with|values|table)\\b.*", Pattern.CASE_INSENSITIVE | Pattern.DOTALL);

  private static final Duration LONGEST_TTL = Duration.ofDays(3_650);
  private static final int MOST_LOADERS = 100;
  private static final int MOST_FIELDS = 1_000;

  private RedisProblems() {}

  @SuppressWarnings("ConstantValue") // Jackson hands over null for what the file leaves out
  static void find(Problems problems, MigrationRequest request) {
    RedisSpec redis = request.redis();
    if (redis == null) {
      return;
    }
    if (problems.present(redis.source(), "redis.source")) {
      Addresses.redis(problems, redis.source().uri(), "redis.source.uri");
      Addresses.caFile(
          problems, redis.source().caFile(), "redis.source.caFile", redis.source().uri());
      problems.prefix(redis.source().keyPrefix(), "redis.source.keyPrefix");
    }
    if (problems.present(redis.target(), "redis.target")) {
      Addresses.redis(problems, redis.target().uri(), "redis.target.uri");
      Addresses.caFile(
          problems, redis.target().caFile(), "redis.target.caFile", redis.target().uri());
      problems.require(
          redis.source() == null
              || redis.source().uri() == null
              || !SamePlace.same(redis.source().uri(), redis.target().uri()),
          "redis.target.uri",
          "is the source",
          "Name the tenant's own Redis.");
    }
    problems.require(
        request.postgres() != null,
        "redis",
        "is warmed from the dedicated database, which the request does not have",
        "Add postgres, or remove redis.");
    List<Loader> warm = redis.warm();
    problems.require(!warm.isEmpty(), "redis.warm", "is empty", "Name a loader, or remove redis.");
    problems.count(warm, MOST_LOADERS, "redis.warm");
    for (int i = 0; i < warm.size(); i++) {
      loader(problems, warm.get(i), "redis.warm[" + i + "]");
    }
    problems.distinct(warm, Loader::key, "redis.warm", "key");
  }

  @SuppressWarnings("ConstantValue") // Jackson hands over null for what the file leaves out
  private static void loader(Problems problems, Loader loader, String path) {
    if (problems.text(loader.key(), path + ".key")) {
      String rest = PLACEHOLDER.matcher(loader.key()).replaceAll("");
      boolean named =
          PLACEHOLDER.matcher(loader.key()).results().anyMatch(found -> found.group(1) != null);
      problems.require(
          named && rest.indexOf('{') < 0 && rest.indexOf('}') < 0,
          path + ".key",
          "has no valid placeholder",
          "Write the row's columns in braces, such as query:{id}, and a brace of the key itself"
              + " twice, such as {{own}}:{id}.");
    }
    if (problems.text(loader.sql(), path + ".sql")) {
      problems.require(
          QUERY.matcher(loader.sql()).matches(),
          path + ".sql",
          "is not a query",
          "Write a SELECT.");
    }
    columns(problems, loader, path);
    if (problems.present(loader.ttl(), path + ".ttl")) {
      problems.require(
          !loader.ttl().isZero(),
          path + ".ttl",
          "is not a valid time to live",
          "Write one such as 1h.");
      problems.duration(loader.ttl(), LONGEST_TTL, path + ".ttl");
    }
  }

  /** Each type has the columns that it needs, and no others, which would be ignored. */
  private static void columns(Problems problems, Loader loader, String path) {
    RedisSpec.Type type = loader.type();
    boolean isHash = type == RedisSpec.Type.HASH;
    if (isHash) {
      problems.require(
          loader.value() == null,
          path + ".value",
          "is not for the type hash",
          "Remove it, and name the columns that become fields as fields; none for all columns that"
              + " the key does not name.");
      problems.count(loader.fields(), MOST_FIELDS, path + ".fields");
      for (int i = 0; i < loader.fields().size(); i++) {
        problems.text(loader.fields().get(i), path + ".fields[" + i + "]");
      }
      problems.distinct(loader.fields(), field -> field, path + ".fields", "");
    } else {
      problems.text(loader.value(), path + ".value");
      problems.require(
          loader.fields().isEmpty(),
          path + ".fields",
          "is not for the type %s, which has one column as its value".formatted(type.key()),
          "Remove it, or write type: hash.");
    }
    if (type == RedisSpec.Type.ZSET) {
      problems.text(loader.score(), path + ".score");
    } else {
      problems.require(
          loader.score() == null,
          path + ".score",
          "is not for the type %s".formatted(type.key()),
          "Remove it, or write type: zset.");
    }
  }
}

package com.matih.tenantmigration.activities.redis;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.entry;

import com.matih.tenantmigration.activities.engine.Finding;
import com.matih.tenantmigration.workflow.FailureType;
import com.matih.tenantmigration.workflow.MigrationContext;
import com.matih.tenantmigration.workflow.MigrationException;
import com.matih.tenantmigration.workflow.report.CheckResult;
import com.matih.tenantmigration.workflow.report.Refusal;
import com.matih.tenantmigration.workflow.request.RedisSpec;
import io.lettuce.core.RedisClient;
import io.lettuce.core.ScoredValue;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.codec.ByteArrayCodec;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Hashes, sets, sorted sets and lists from loaders, and values that are no text. */
class TypedKeysIT extends CacheLab {

  private static final String MEMBERS =
      "SELECT team, member, points FROM members ORDER BY team, place";

  private final CacheFreshener freshener = new CacheFreshener(connections, journal, guard, rows);

  @BeforeEach
  void fillMembers() {
    rows.execute(
        "CREATE TABLE members (team text, place int, member text, points numeric, picture bytea)");
    rows.execute(
        "INSERT INTO members VALUES ('red', 1, 'ann', 7, '\\x00ff'), ('red', 2, 'bob', 0.1, NULL),"
            + " ('red', 3, 'ann', 7, '\\x'), ('blue', 1, 'zoë', -1e300, '\\xfe00'),"
            + " ('blue', 2, NULL, 3, '\\x01')");
  }

  private static RedisSpec.Loader loader(
      String key,
      RedisSpec.Type type,
      String sql,
      @Nullable String value,
      List<String> fields,
      @Nullable String score) {
    return new RedisSpec.Loader(key, type, sql, value, fields, score, Duration.ofHours(1));
  }

  private MigrationContext context(RedisSpec.Type type) {
    return context(
        sharedServer.uri(),
        switch (type) {
          case STRING -> loader("k:{team}", type, MEMBERS, "member", List.of(), null);
          case HASH ->
              loader(
                  "k:{team}:{place}",
                  type,
                  "SELECT team, place, member, picture FROM members",
                  null,
                  List.of(),
                  null);
          case LIST, SET -> loader("k:{team}", type, MEMBERS, "member", List.of(), null);
          case ZSET -> loader("k:{team}", type, MEMBERS, "member", List.of(), "points");
        });
  }

  private void assertEqual(MigrationContext of, long keys) {
    Finding finding = comparison.compare(of, MONITOR);
    assertThat(finding.namedMismatches()).isEmpty();
    assertThat(finding.comparedCount()).isEqualTo(keys);
    assertThat(leak.findForeign(of, MONITOR).mismatchCount()).isZero();
  }

  @Test
  void aRowsColumnsBecomeAHashWithoutThoseThatAreNull() {
    MigrationContext hashes = context(RedisSpec.Type.HASH);

    assertThat(warmer.warm(hashes, MONITOR).redis().keys()).isEqualTo(5);

    assertThat(dedicated.hgetall("k:red:2")).containsExactly(entry("member", "bob"));
    assertThat(dedicated.hkeys("k:red:1")).containsExactlyInAnyOrder("member", "picture");
    assertThat(bytes("k:red:1", "picture")).containsExactly(0, 0xff);
    assertThat(bytes("k:red:3", "picture")).isEmpty();
    assertThat(dedicated.ttl("k:red:1")).isBetween(3500L, 3600L);
    assertEqual(hashes, 5);
    MigrationContext named =
        context(
            sharedServer.uri(),
            loader(
                "k:{team}:{place}",
                RedisSpec.Type.HASH,
                "SELECT * FROM members",
                null,
                List.of("team", "points"),
                null));
    warmer.warm(named, MONITOR);
    assertThat(dedicated.hgetall("k:blue:2"))
        .containsExactlyInAnyOrderEntriesOf(Map.of("team", "blue", "points", "3"));
  }

  @Test
  void rowsOfOneKeyBecomeAListInTheirOrderASetOrASortedSet() {
    warmer.warm(context(RedisSpec.Type.LIST), MONITOR);
    assertThat(dedicated.lrange("k:red", 0, -1)).containsExactly("ann", "bob", "ann");
    assertThat(dedicated.lrange("k:blue", 0, -1)).containsExactly("zoë");
    assertEqual(context(RedisSpec.Type.LIST), 2);

    warmer.warm(context(RedisSpec.Type.SET), MONITOR);
    assertThat(dedicated.smembers("k:red")).containsExactlyInAnyOrder("ann", "bob");
    assertEqual(context(RedisSpec.Type.SET), 2);

    warmer.warm(context(RedisSpec.Type.ZSET), MONITOR);
    assertThat(dedicated.zrangeWithScores("k:red", 0, -1))
        .containsExactly(ScoredValue.just(0.1, "bob"), ScoredValue.just(7, "ann"));
    assertThat(dedicated.zscore("k:blue", "zoë")).isEqualTo(-1e300);
    assertThat(dedicated.ttl("k:blue")).isBetween(3500L, 3600L);
    assertEqual(context(RedisSpec.Type.ZSET), 2);
  }

  @Test
  void aLargeKeyIsWrittenWhole() {
    rows.execute(
        "INSERT INTO members SELECT 'big', i, 'm' || i, i FROM generate_series(1, 25000) i");

    for (RedisSpec.Type type :
        List.of(RedisSpec.Type.LIST, RedisSpec.Type.SET, RedisSpec.Type.ZSET)) {
      warmer.warm(context(type), MONITOR);
      assertEqual(context(type), 3);
      assertThat(freshener.freshen(context(type), MONITOR).checks())
          .allMatch(result -> result.status() == CheckResult.Status.PASSED);
    }
    assertThat(dedicated.zcard("k:big")).isEqualTo(25_000);
    rows.execute(
        "INSERT INTO members SELECT 'big', i, repeat('m', 3000) || i FROM generate_series(1, 12000) i");
    assertRefused(context(RedisSpec.Type.SET), "gives the key k:big more than 32 MiB");
  }

  @Test
  void bytesOfAStringAreCarriedAsTheyAre() {
    MigrationContext pictures =
        context(
            sharedServer.uri(),
            loader(
                "p:{team}:{place}",
                RedisSpec.Type.STRING,
                "SELECT * FROM members",
                "picture",
                List.of(),
                null));

    assertThat(warmer.warm(pictures, MONITOR).redis().keys()).isEqualTo(4);

    assertThat(bytes("p:blue:1", null)).containsExactly(0xfe, 0);
    assertEqual(pictures, 4);
    dedicated.set("p:blue:1", "\\xfe00");
    assertThat(comparison.compare(pictures, MONITOR).namedMismatches())
        .containsExactly("cache key p:blue:1 has a different value than the dedicated database");
  }

  @Test
  void eachTypesFaultsAreFound() {
    warmer.warm(context(RedisSpec.Type.HASH), MONITOR);
    dedicated.hset("k:red:1", "member", "eve");
    dedicated.hdel("k:blue:1", "member");
    dedicated.hset("k:red:2", "other", "1");
    dedicated.del("k:red:3");
    dedicated.del("k:blue:2");
    dedicated.set("k:blue:2", "a string");
    assertThat(comparison.compare(context(RedisSpec.Type.HASH), MONITOR).namedMismatches())
        .containsExactlyInAnyOrder(
            "cache key k:red:1 has a different value than the dedicated database",
            "cache key k:blue:1 has a different value than the dedicated database",
            "cache key k:red:2 has a different value than the dedicated database",
            "cache key k:red:3 is missing",
            "cache key k:blue:2 is of the type string, and its loader writes the type hash");

    warmer.warm(context(RedisSpec.Type.LIST), MONITOR);
    dedicated.lset("k:red", 1, "ann");
    dedicated.lset("k:red", 2, "bob");
    assertOtherValue(RedisSpec.Type.LIST);
    warmer.warm(context(RedisSpec.Type.SET), MONITOR);
    dedicated.srem("k:red", "ann");
    dedicated.sadd("k:red", "eve");
    assertOtherValue(RedisSpec.Type.SET);
    warmer.warm(context(RedisSpec.Type.ZSET), MONITOR);
    dedicated.zadd("k:red", 0.1000000001, "bob");
    assertOtherValue(RedisSpec.Type.ZSET);
  }

  private void assertOtherValue(RedisSpec.Type type) {
    assertThat(comparison.compare(context(type), MONITOR).namedMismatches())
        .containsExactly("cache key k:red has a different value than the dedicated database");
  }

  @Test
  void whatDiffersIsFreshenedWithTheTimeThatItHasLeft() {
    for (RedisSpec.Type type :
        List.of(
            RedisSpec.Type.HASH, RedisSpec.Type.LIST, RedisSpec.Type.SET, RedisSpec.Type.ZSET)) {
      dedicated.flushall();
      rows.execute("DELETE FROM members WHERE place = 9");
      rows.execute(
          "UPDATE members SET member = 'bob', points = 0.1 WHERE place = 2 AND team = 'red'");
      MigrationContext of = context(type);
      String key = type == RedisSpec.Type.HASH ? "k:red:2" : "k:red";
      warmer.warm(of, MONITOR);
      dedicated.expire(key, 500);
      rows.execute(
          "UPDATE members SET member = 'eve', points = 8 WHERE place = 2 AND team = 'red'");
      rows.execute("INSERT INTO members VALUES ('red', 9, 'new', 9)");

      assertThat(freshener.freshen(of, MONITOR).checks())
          .as(type.key())
          .allMatch(result -> result.status() == CheckResult.Status.PASSED);

      assertThat(dedicated.ttl(key)).isBetween(480L, 500L);
      assertEqual(of, type == RedisSpec.Type.HASH ? 6 : 2);
    }
    var unused = evictor.evict(context(RedisSpec.Type.ZSET), MONITOR);
    assertThat(dedicated.keys("*")).isEmpty();
  }

  @Test
  void aHashWhoseFieldsAreAllNullIsNoKey() {
    rows.execute("UPDATE members SET member = NULL, picture = NULL");

    assertThat(warmer.warm(context(RedisSpec.Type.HASH), MONITOR).redis().keys()).isZero();

    String onlyTheKey = "SELECT team, place FROM members";
    assertRefused(
        context(
            sharedServer.uri(),
            loader("k:{team}:{place}", RedisSpec.Type.HASH, onlyTheKey, null, List.of(), null)),
        "the hash has no field");
  }

  @Test
  void rowsOfOneKeyThatDoNotFollowEachOtherAreRefused() {
    rows.execute("INSERT INTO members VALUES ('blue', 4, 'ann', 7)");
    String scattered = "SELECT team, member, points FROM members ORDER BY place, team";

    for (RedisSpec.Type type : List.of(RedisSpec.Type.LIST, RedisSpec.Type.SET)) {
      assertRefused(
          context(
              sharedServer.uri(), loader("k:{team}", type, scattered, "member", List.of(), null)),
          "Order the loader's query by the columns of its key first");
    }
    rows.execute("UPDATE members SET member = 'same'");
    assertRefused(
        context(
            sharedServer.uri(),
            loader("k:{team}", RedisSpec.Type.SET, scattered, "member", List.of(), null)),
        "do not follow each other");
  }

  @Test
  void scoresThatAreNoneAndBytesInAKeyAreRefused() {
    rows.execute("UPDATE members SET points = 'NaN' WHERE place = 2");
    assertRefused(
        context(RedisSpec.Type.ZSET), "has a score for the key k:red that is not a number");
    rows.execute("UPDATE members SET points = place");
    assertRefused(context(RedisSpec.Type.ZSET), "two rows for one member of the key k:red");
    assertRefused(
        context(
            sharedServer.uri(),
            loader(
                "k:{picture}",
                RedisSpec.Type.STRING,
                "SELECT * FROM members",
                "member",
                List.of(),
                null)),
        "encode(picture, 'hex')");
  }

  private void assertRefused(MigrationContext of, String message) {
    assertThatThrownBy(() -> warmer.warm(of, MONITOR))
        .isInstanceOf(MigrationException.class)
        .hasMessageContaining(message)
        .extracting("type")
        .isEqualTo(FailureType.BAD_REQUEST);
  }

  @Test
  void aPlanComparesEachLoadersTypeWithTheSharedKeys() {
    shared.hset("acme:k:red:1", "member", "ann");
    shared.set("acme:k:red:2", "text");

    assertThat(
            new CachePlanner(connections, rows.columnTexts())
                .plan(context(RedisSpec.Type.HASH), MONITOR)
                .refusals())
        .extracting(Refusal::reason)
        .singleElement()
        .asString()
        .contains("writes keys of the type hash", "has 1 key of its name", "acme:k:red:2 (string)");
    shared.del("acme:k:red:2");
    assertThat(
            new CachePlanner(connections, rows.columnTexts())
                .plan(context(RedisSpec.Type.HASH), MONITOR)
                .refusals())
        .isEmpty();
  }

  /** A value, or a field's, as numbers from 0 to 255. */
  private List<Integer> bytes(String key, @Nullable String field) {
    RedisClient client = RedisClient.create(dedicatedServer.uri());
    try (StatefulRedisConnection<byte[], byte[]> connection =
        client.connect(ByteArrayCodec.INSTANCE)) {
      byte[] found =
          field == null
              ? connection.sync().get(key.getBytes(UTF_8))
              : connection.sync().hget(key.getBytes(UTF_8), field.getBytes(UTF_8));
      ByteBuffer left = ByteBuffer.wrap(found);
      return IntStream.range(0, found.length).map(i -> left.get(i) & 0xff).boxed().toList();
    } finally {
      client.shutdown();
    }
  }
}

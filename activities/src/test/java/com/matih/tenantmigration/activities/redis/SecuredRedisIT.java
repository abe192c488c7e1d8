package com.matih.tenantmigration.activities.redis;

import static org.assertj.core.api.Assertions.assertThat;

import com.matih.tenantmigration.activities.testing.TestSecrets;
import com.matih.tenantmigration.embedded.testing.TestCertificates;
import com.matih.tenantmigration.embedded.testing.TestCertificates.Holder;
import com.matih.tenantmigration.embedded.testing.TestServers;
import com.matih.tenantmigration.embedded.testing.TlsProxy;
import com.matih.tenantmigration.workflow.MigrationContext;
import com.matih.tenantmigration.workflow.report.PlanFindings;
import com.matih.tenantmigration.workflow.report.Refusal;
import com.matih.tenantmigration.workflow.report.RollbackStep;
import com.matih.tenantmigration.workflow.report.Warning;
import com.matih.tenantmigration.workflow.request.RedisSpec;
import com.matih.tenantmigration.workflow.request.RedisSpec.Loader;
import io.lettuce.core.api.sync.RedisCommands;
import io.lettuce.core.codec.StringCodec;
import io.lettuce.core.output.StatusOutput;
import io.lettuce.core.protocol.CommandArgs;
import io.lettuce.core.protocol.CommandType;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Caches behind TLS, whose users have the rights alone that the operations guide lists, and names
 * and passwords of odd characters.
 */
class SecuredRedisIT extends CacheLab {

  private static final String USER = "migrator@x:/%?#$\"\\ü";

  private final TestCertificates certificates = TestServers.certificates();
  private final RedisConnections odd = new RedisConnections(TestSecrets.ofOdd());
  private TlsProxy sharedDoor;
  private TlsProxy dedicatedDoor;

  /** What the guide allows. */
  private static String rights(String side) throws IOException {
    Matcher line =
        Pattern.compile("ACL SETUSER migrator-" + side + " on >\\S+ (.*)")
            .matcher(Files.readString(Path.of("..", "docs", "operations.md")));
    assertThat(line.find()).isTrue();
    return line.group(1);
  }

  /** Without INFO a plan knows less. */
  private static Stream<String> commands(String side) throws IOException {
    return Stream.of(rights(side).split(" "))
        .filter(right -> right.startsWith("+") && !right.equals("+info"));
  }

  @BeforeEach
  void open() throws IOException {
    sharedDoor = TlsProxy.before(sharedServer.port(), certificates.serverSide(Holder.SERVER));
    dedicatedDoor = TlsProxy.before(dedicatedServer.port(), certificates.serverSide(Holder.SERVER));
    allow(shared, rights("shared"));
    allow(dedicated, rights("dedicated"));
    shared.set("acme:query:1", "stale");
    rows.fill(5);
  }

  @AfterEach
  void close() throws IOException {
    sharedDoor.close();
    dedicatedDoor.close();
  }

  private static void allow(RedisCommands<String, String> server, String rights) {
    CommandArgs<String, String> acl =
        new CommandArgs<>(StringCodec.UTF8)
            .add("SETUSER")
            .addValue(USER)
            .add("reset")
            .add("on")
            .addValue(">" + TestSecrets.ODD);
    Stream.of(rights.split(" ")).forEach(acl::add);
    server.dispatch(CommandType.ACL, new StatusOutput<>(StringCodec.UTF8), acl);
  }

  private static String uri(int port) {
    String user = URLEncoder.encode(USER, StandardCharsets.UTF_8);
    return "rediss://%s:${env:ODD}@127.0.0.1:%d".formatted(user, port);
  }

  private MigrationContext secured(String sharedUri, Path ca) {
    return context(
        new RedisSpec(
            new RedisSpec.Source(
                sharedUri, "acme:", sharedUri.startsWith("rediss:") ? ca.toString() : null),
            new RedisSpec.Target(uri(dedicatedDoor.port()), certificates.ca().toString()),
            List.of(
                loader("query:{id}", BY_ID),
                of(RedisSpec.Type.HASH, "hash:{id}"),
                of(RedisSpec.Type.LIST, "list:{id}"),
                of(RedisSpec.Type.SET, "set:{id}"),
                of(RedisSpec.Type.ZSET, "zset:{id}"))));
  }

  private static Loader of(RedisSpec.Type type, String key) {
    return new Loader(
        key,
        type,
        "SELECT id, body, 1 AS score FROM queries ORDER BY id",
        type == RedisSpec.Type.HASH ? null : "body",
        type == RedisSpec.Type.HASH ? List.of("body") : List.of(),
        type == RedisSpec.Type.ZSET ? "score" : null,
        Duration.ofHours(1));
  }

  private List<Refusal> refusals(MigrationContext planned) {
    return new CachePlanner(odd, rows.columnTexts()).plan(planned, MONITOR).refusals();
  }

  @Test
  void aCacheIsWarmedComparedAndEmptiedWithTheGuidesRights() {
    MigrationContext secured = secured(uri(sharedDoor.port()), certificates.ca());
    assertThat(refusals(secured)).isEmpty();

    var summary = new CacheWarmer(odd, journal, guard, rows).warm(secured, MONITOR);

    assertThat(summary.redis().keys()).isEqualTo(25);
    assertThat(dedicated.get("query:1")).isEqualTo("body of 1");
    assertThat(dedicated.lrange("list:2", 0, -1)).containsExactly("body of 2");
    var finding =
        new CacheComparison(TestSecrets.ofOdd(), journal, guard, rows).compare(secured, MONITOR);
    assertThat(finding.namedMismatches()).isEmpty();
    assertThat(finding.comparedCount()).isEqualTo(25);
    assertThat(
            new RedisTenantLeak(TestSecrets.ofOdd())
                .findForeign(secured, MONITOR)
                .namedMismatches())
        .isEmpty();
    RollbackStep step = new CacheEvictor(odd, journal, guard).evict(secured, MONITOR);
    assertThat(step.status()).as(step.message()).isEqualTo(RollbackStep.Status.DONE);
    assertThat(dedicated.dbsize()).isZero();
  }

  @Test
  void thePlanNamesEachCommandThatTheSharedCacheDoesNotAllow() throws IOException {
    for (String right : commands("shared").toList()) {
      allow(shared, rights("shared").replace(right, ""));
      assertNamed(right);
    }
  }

  @Test
  void thePlanNamesEachCommandThatTheDedicatedCacheDoesNotAllow() throws IOException {
    for (String right : commands("dedicated").toList()) {
      allow(dedicated, rights("dedicated").replaceAll(Pattern.quote(right) + "\\b", ""));
      assertNamed(right);
      assertThat(dedicated.dbsize()).isZero();
    }
  }

  private void assertNamed(String right) {
    PlanFindings plan =
        new CachePlanner(odd, rows.columnTexts())
            .plan(secured(uri(sharedDoor.port()), certificates.ca()), MONITOR);
    assertThat(
            Stream.concat(
                plan.refusals().stream().map(Refusal::reason),
                plan.warnings().stream().map(Warning::message)))
        .anyMatch(
            text ->
                Pattern.compile("\\b" + right.substring(1).toUpperCase(Locale.ROOT) + "\\b")
                    .matcher(text)
                    .find());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "SERVER    | true  | was not signed by a CA that the worker trusts | caFile",
        "EXPIRED   | false | its certificate has expired                   | Renew it.",
        "ELSEWHERE | false | its certificate is for another host name      | Use a name",
      })
  void aCertificateThatIsNotGoodIsNamed(Holder holder, boolean strangers, String why, String remedy)
      throws Exception {
    try (TlsProxy proxy = TlsProxy.before(sharedServer.port(), certificates.serverSide(holder))) {
      assertRefused(
          uri(proxy.port()),
          strangers ? certificates.strangersCa() : certificates.ca(),
          why,
          remedy);
    }
  }

  /** A server that does not understand a client says nothing that tells more. */
  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void aPortThatSpeaksAnotherProtocolIsRefused(boolean tls) {
    assertRefused(
        tls ? uri(sharedServer.port()) : uri(sharedDoor.port()).replace("rediss:", "redis:"),
        certificates.ca(),
        "Cannot connect to the shared Redis",
        "whether it expects redis or rediss");
  }

  @Test
  void aWrongPasswordIsNamed() {
    assertRefused(
        uri(sharedDoor.port()).replace("${env:ODD}", "wrong"),
        certificates.ca(),
        "WRONGPASS",
        "Check the user and password");
  }

  private void assertRefused(String sharedUri, Path ca, String why, String remedy) {
    assertThat(refusals(secured(sharedUri, ca)))
        .singleElement()
        .satisfies(refusal -> assertThat(refusal.object()).isEqualTo("redis.source"))
        .satisfies(refusal -> assertThat(refusal.reason()).contains(why))
        .satisfies(refusal -> assertThat(refusal.remedy()).contains(remedy));
  }
}

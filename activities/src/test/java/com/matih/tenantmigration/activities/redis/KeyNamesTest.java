package com.matih.tenantmigration.activities.redis;

import static org.assertj.core.api.Assertions.assertThat;

import com.matih.tenantmigration.activities.engine.DedicatedRows;
import com.matih.tenantmigration.activities.redis.loaders.KeyPattern;
import com.matih.tenantmigration.workflow.request.RedisSpec;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

class KeyNamesTest {

  @Test
  void aPatternTakesItsColumnsFromTheRow() {
    KeyPattern pattern = new KeyPattern("q:{id}:{owner}:$1");

    assertThat(new RedisSpec.Loader("q:{id}:{owner}:$1", "", "text", Duration.ZERO).columns())
        .containsExactly("id", "owner", "text");
    assertThat(pattern.render(row("id", "7", "owner", "a$b{c}"))).contains("q:7:a$b{c}:$1");
    assertThat(pattern.render(row("id", "7"))).isEmpty();
  }

  @Test
  void aDoubledBraceIsOneOfTheKeyItself() {
    KeyPattern pattern = new KeyPattern("{{own}}:q:{id}:{{{id}}}");

    assertThat(new RedisSpec.Loader("{{own}}:q:{id}", "", "text", Duration.ZERO).keyColumns())
        .containsExactly("id");
    assertThat(pattern.render(row("id", "7", "own", "x"))).contains("{own}:q:7:{7}");
    assertThat("{own}:q:7:{7}").matches(pattern.matching(Map.of()));
    assertThat("own:q:7:{7}").doesNotMatch(pattern.matching(Map.of()));
  }

  @Test
  void aColumnsTypeSaysWhichKeysItGives() {
    Pattern numbers = new KeyPattern("q:{id}:{owner}").matching(Map.of("id", "-?\\d+"));

    assertThat("q:-7:any:body").matches(numbers);
    assertThat("q:any:body").doesNotMatch(numbers);
  }

  @Test
  void aPrefixMatchesNothingButItself() {
    assertThat(KeyScan.escape("a*b?[c]\\^-:")).isEqualTo("a\\*b\\?\\[c\\]\\\\\\^\\-:");
  }

  @Test
  void aMigrationsOwnKeysAreToldFromATenants() {
    assertThat(RedisNames.isBookkeeping("tenant-migration:0123456789ab:epoch")).isTrue();
    assertThat(RedisNames.isBookkeeping("tenant-migration:0123456789ab:warmed")).isTrue();
    assertThat(RedisNames.isBookkeeping("tenant-migration:0123456789ab:other")).isFalse();
    assertThat(RedisNames.isBookkeeping("x:tenant-migration:0123456789ab:epoch")).isFalse();
  }

  @Test
  void aKeyLivesAsLongAsTheSharedOneHasLeftElseAsTheLoaderSays() {
    Duration hour = Duration.ofHours(1);

    assertThat(WarmingWriter.timeToLive(1234, hour)).isEqualTo(1234);
    assertThat(WarmingWriter.timeToLive(0, hour)).isEqualTo(1);
    assertThat(WarmingWriter.timeToLive(-2, hour)).isEqualTo(hour.toMillis());
    assertThat(WarmingWriter.timeToLive(-1, hour)).isEqualTo(hour.toMillis());
    assertThat(WarmingWriter.timeToLive(-1, null)).isZero();
  }

  private static Map<String, DedicatedRows.Value> row(String... columnsAndValues) {
    Map<String, DedicatedRows.Value> row = new LinkedHashMap<>();
    for (int i = 0; i < columnsAndValues.length; i += 2) {
      row.put(columnsAndValues[i], DedicatedRows.Value.ofText(columnsAndValues[i + 1]));
    }
    return row;
  }
}

package com.matih.tenantmigration.activities.redis;

import static org.assertj.core.api.Assertions.assertThat;

import com.matih.tenantmigration.workflow.request.RedisSpec;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

class KeyNamesTest {

  @Test
  void aPatternTakesItsColumnsFromTheRow() {
    KeyPattern pattern = new KeyPattern("q:{id}:{owner}:$1");

    assertThat(new RedisSpec.Loader("q:{id}:{owner}:$1", "", "text", Duration.ZERO).columns())
        .containsExactly("id", "owner", "text");
    assertThat(pattern.render(Map.of("id", "7", "owner", "a$b{c}"))).contains("q:7:a$b{c}:$1");
    assertThat(pattern.render(Map.of("id", "7"))).isEmpty();
  }

  @Test
  void aDoubledBraceIsOneOfTheKeyItself() {
    KeyPattern pattern = new KeyPattern("{{own}}:q:{id}:{{{id}}}");

    assertThat(new RedisSpec.Loader("{{own}}:q:{id}", "", "text", Duration.ZERO).keyColumns())
        .containsExactly("id");
    assertThat(pattern.render(Map.of("id", "7", "own", "x"))).contains("{own}:q:7:{7}");
    assertThat("{own}:q:7:{7}").matches(pattern.matching());
    assertThat("own:q:7:{7}").doesNotMatch(pattern.matching());
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
}

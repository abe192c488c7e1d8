package com.matih.tenantmigration.activities.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.matih.tenantmigration.workflow.FailureType;
import com.matih.tenantmigration.workflow.MigrationContext;
import com.matih.tenantmigration.workflow.MigrationException;
import com.matih.tenantmigration.workflow.report.Refusal;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What the dedicated Redis refuses for good ends the warming at once, with the key. */
class RejectedKeysIT extends CacheLab {

  @AfterEach
  void giveMemoryBack() {
    dedicated.configSet("maxmemory", "0");
  }

  @Test
  void aFullRedisEndsTheWarmingAndNamesTheFirstKeyItRefused() {
    rows.fill(3);
    dedicated.configSet("maxmemory", "1");

    MigrationException failure = failure(context);

    assertThat(failure.type()).isEqualTo(FailureType.STORE_BLOCKED);
    assertThat(failure).hasMessageContaining("OOM").hasMessageContaining("maxmemory");
  }

  @Test
  void aRedisThatFillsUpMeanwhileNamesTheKey() {
    rows.fill(20);
    rows.execute("UPDATE queries SET body = repeat(md5(id::text), 10000)");
    long used = Long.parseLong(info("used_memory"));
    dedicated.configSet("maxmemory", Long.toString(used + 1_500_000));

    MigrationException failure = failure(context);

    assertThat(failure.type()).isEqualTo(FailureType.STORE_BLOCKED);
    assertThat(failure).hasMessageContaining("warm keys such as query:");
  }

  @Test
  void aRedisWithoutMemoryIsRefusedByThePlan() {
    dedicated.configSet("maxmemory", "1");

    assertThat(new CachePlanner(connections, rows.columnTexts()).plan(context, MONITOR).refusals())
        .extracting(Refusal::object)
        .contains("dedicated Redis");
  }

  @Test
  void aRowThatGivesAnEmptyKeyIsNamedByItsPositionAndLoader() {
    rows.fill(2);
    rows.execute("UPDATE queries SET owner = '' WHERE id = 2");
    MigrationContext byOwner = context(sharedServer.uri(), loader("{owner}", BY_ID));

    MigrationException failure = failure(byOwner);

    assertThat(failure.type()).isEqualTo(FailureType.BAD_REQUEST);
    assertThat(failure).hasMessageContaining("Row 2 of the loader {owner} gives an empty key");
  }

  private String info(String name) {
    return dedicated
        .info("memory")
        .lines()
        .filter(line -> line.startsWith(name + ":"))
        .map(line -> line.substring(name.length() + 1).strip())
        .findFirst()
        .orElseThrow();
  }

  private MigrationException failure(MigrationContext of) {
    return catchThrowableOfType(MigrationException.class, () -> warmer.warm(of, MONITOR));
  }
}

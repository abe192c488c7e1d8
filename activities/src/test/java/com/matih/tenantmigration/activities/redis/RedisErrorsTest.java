package com.matih.tenantmigration.activities.redis;

import static org.assertj.core.api.Assertions.assertThat;

import com.matih.tenantmigration.workflow.FailureType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RedisErrorsTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = '#',
      value = {
        "OOM command not allowed when used memory > 'maxmemory'. # STORE_BLOCKED",
        "ERR Error running script (call to f_1): @user_script:1: -OOM command not allowed # STORE_BLOCKED",
        "MISCONF Redis is configured to save RDB snapshots # STORE_BLOCKED",
        "READONLY You can't write against a read only replica. # STORE_ERROR",
        "MASTERDOWN Link with MASTER is down # STORE_ERROR",
        "LOADING Redis is loading the dataset in memory # STORE_UNREACHABLE",
        "BUSY Redis is busy running a script. # STORE_ERROR",
        "NOSCRIPT No matching script. # STORE_ERROR",
        "CLUSTERDOWN Hash slot not served # STORE_ERROR",
        "TRYAGAIN Multiple keys request during rehashing of slot # STORE_ERROR",
        "NOREPLICAS Not enough good replicas to write. # STORE_ERROR",
        "ERR max number of clients reached # STORE_ERROR",
        "ERR unknown command 'FOO' # DATA_REJECTED",
        "WRONGTYPE Operation against a key holding the wrong kind of value # DATA_REJECTED",
        "EXECABORT Transaction discarded because of previous errors. # DATA_REJECTED",
        "MOVED 3999 127.0.0.1:6381 # BAD_REQUEST",
        "CROSSSLOT Keys in request don't hash to the same slot # BAD_REQUEST",
        "NOAUTH Authentication required. # PERMISSION_DENIED",
        "WRONGPASS invalid username-password pair # PERMISSION_DENIED",
        "NOPERM this user has no permissions # PERMISSION_DENIED",
        "ERR The user executing the script can't run this command or subcommand script: f, on @user_script:1. # PERMISSION_DENIED",
        "ERR Error running script (call to f_1): @user_script:1: The user executing the script can't run this command or subcommand # PERMISSION_DENIED",
        "SOMETHINGNEW of a module # STORE_ERROR",
      })
  void theCodeSaysWhetherItMayPass(String text, FailureType type) {
    assertThat(RedisErrors.typeOf(text)).isEqualTo(type);
  }

  @Test
  void everyCodeIsRetriedOrFinalAsListed() {
    assertThat(RedisErrors.CODES.entrySet().stream().filter(code -> code.getValue().retryable()))
        .extracting(code -> code.getKey())
        .containsExactlyInAnyOrder(
            "READONLY",
            "MASTERDOWN",
            "NOREPLICAS",
            "UNBLOCKED",
            "LOADING",
            "BUSY",
            "TRYAGAIN",
            "CLUSTERDOWN",
            "NOSCRIPT",
            "NOMASTERLINK",
            "NOGOODSLAVE",
            "NOQUORUM",
            "INPROG",
            "IOERR");
  }
}

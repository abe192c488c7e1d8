package com.matih.tenantmigration.activities.postgres.failure;

import static org.assertj.core.api.Assertions.assertThat;

import com.matih.tenantmigration.workflow.FailureType;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.postgresql.util.PSQLState;

class SqlStatesTest {

  /** Every code of the appendix that may pass; all others are final. */
  private static final Set<String> MAY_PASS =
      Set.of(
          "08000", "08001", "08003", "08006", "08007", "08P01", "25006", "25P02", "25P03", "25P04",
          "40000", "40001", "40003", "40P01", "42P04", "42P06", "42P07", "42710", "53000", "53200",
          "53300", "55006", "55P03", "57000", "57014", "57P01", "57P02", "57P03", "57P05", "58000",
          "58030", "58P02", "72000", "HV001", "HV00N", "XX000");

  @Test
  void everyClassOfTheAppendixHasADecision() throws IOException {
    assertThat(SqlStates.CLASSES.keySet())
        .isEqualTo(appendix().stream().map(code -> code.substring(0, 2)).collect(toSet()));
  }

  @Test
  void everyCodeOfTheAppendixIsRetriedOrFinalAsListed() throws IOException {
    Set<String> retried =
        appendix().stream().filter(code -> SqlStates.typeOf(code).retryable()).collect(toSet());

    assertThat(retried).isEqualTo(new TreeSet<>(MAY_PASS));
    assertThat(appendix()).hasSizeGreaterThan(250);
  }

  @Test
  void everyExceptionIsOfAClassThatIsKnownAndDiffersFromIt() {
    SqlStates.CODES.forEach(
        (code, type) -> {
          if (!code.equals("99999") && !type.retryable()) {
            assertThat(SqlStates.CLASSES.get(code.substring(0, 2))).as(code).isNotEqualTo(type);
          }
        });
  }

  @Test
  void everyStateOfTheDriverIsRetriedOrFinal() {
    List<String> retried =
        Arrays.stream(PSQLState.values())
            .filter(state -> SqlStates.typeOf(state.getState()).retryable())
            .map(Enum::name)
            .toList();

    assertThat(retried)
        .contains("UNKNOWN_STATE", "CONNECTION_FAILURE", "COMMUNICATION_ERROR")
        .doesNotContain("SYNTAX_ERROR", "INVALID_PASSWORD", "CHECK_VIOLATION", "DATA_ERROR");
  }

  @ParameterizedTest
  @CsvSource({
    "23514, DATA_REJECTED",
    "42883, DATA_REJECTED",
    "22P02, DATA_REJECTED",
    "0A000, DATA_REJECTED",
    "P0001, DATA_REJECTED",
    "53400, DATA_REJECTED",
    "54001, DATA_REJECTED",
    "53100, STORE_BLOCKED",
    "3D000, BAD_REQUEST",
    "42501, PERMISSION_DENIED",
    "28P01, PERMISSION_DENIED",
    "40P01, STORE_ERROR",
    "25006, STORE_ERROR",
    "57P03, STORE_UNREACHABLE",
    // a code that is not listed is what its class is
    "23XYZ, DATA_REJECTED",
    "40XYZ, STORE_ERROR",
    // a class that is not the server's is somebody's function
    "MT001, DATA_REJECTED",
  })
  void aCodeSaysWhichFailureItIs(String code, FailureType type) {
    assertThat(SqlStates.typeOf(code)).isEqualTo(type);
  }

  @ParameterizedTest
  @CsvSource({
    "0A000, true",
    "22012, true",
    "42703, true",
    "25006, true",
    "21000, true",
    "P0001, true",
    "42501, false",
    "40001, false",
    "57014, false",
    "53200, false",
    "08006, false",
  })
  void aQueryIsAtFaultWhereItFailsAgain(String code, boolean atFault) {
    assertThat(SqlStates.isFaultOfTheQuery(code)).isEqualTo(atFault);
  }

  private static java.util.stream.Collector<String, ?, Set<String>> toSet() {
    return Collectors.toCollection(TreeSet::new);
  }

  private static List<String> appendix() throws IOException {
    try (InputStream list = SqlStatesTest.class.getResourceAsStream("/postgres/sqlstates.txt")) {
      assertThat(list).isNotNull();
      return new String(list.readAllBytes(), StandardCharsets.UTF_8)
          .lines()
          .filter(line -> !line.startsWith("#"))
          .map(line -> line.substring(0, 5))
          .toList();
    }
  }
}

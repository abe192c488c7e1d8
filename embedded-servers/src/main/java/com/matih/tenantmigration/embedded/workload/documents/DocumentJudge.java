package com.matih.tenantmigration.embedded.workload.documents;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.function.BiPredicate;

/** Says what is wrong with an index, after the writers have stopped. */
public final class DocumentJudge {

  private static final int MOST = 20;
  private static final String EVERYTHING = "{\"match_all\":{}}";

  private DocumentJudge() {}

  /**
   * In what an index differs from what was acknowledged of one tenant's documents; it must hold
   * these and no others.
   */
  public static List<String> acknowledged(
      String tenant, List<DocumentJournal> journals, DocumentIndex dedicated) {
    Map<DocumentKey, DocumentState> expected = new HashMap<>();
    for (DocumentJournal journal : journals) {
      journal
          .documents()
          .forEach(
              (key, state) -> {
                if (state.tenant().equals(tenant)) {
                  expected.put(key, state);
                }
              });
    }
    return difference(
        expected, dedicated.read(EVERYTHING), (one, other) -> one.source().equals(other.source()));
  }

  /** In what an index differs from the tenant's documents of the shared one, versions included. */
  public static List<String> difference(
      String tenant, DocumentIndex shared, DocumentIndex dedicated) {
    return difference(
        shared.read("{\"term\":{\"%s\":\"%s\"}}".formatted(DocumentIndex.TENANT_FIELD, tenant)),
        dedicated.read(EVERYTHING),
        DocumentState::equals);
  }

  private static List<String> difference(
      Map<DocumentKey, DocumentState> expected,
      Map<DocumentKey, DocumentState> actual,
      BiPredicate<DocumentState, DocumentState> same) {
    List<String> findings = new ArrayList<>();
    TreeSet<String> names = new TreeSet<>();
    expected.forEach(
        (key, state) -> {
          DocumentState other = actual.get(key);
          if (other == null) {
            names.add(key + " is missing, expected " + state);
          } else if (!same.test(state, other)) {
            names.add("%s is %s, expected %s".formatted(key, other, state));
          }
        });
    actual.forEach(
        (key, state) -> {
          if (!expected.containsKey(key)) {
            names.add("%s should not be there: %s".formatted(key, state));
          }
        });
    names.stream().limit(MOST).forEach(findings::add);
    return findings;
  }
}

package com.matih.tenantmigration.activities;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.simpleNameEndingWith;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static java.util.stream.Collectors.counting;
import static java.util.stream.Collectors.groupingBy;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The walls of the house: who may know whom. */
class WallsTest {

  private static final JavaClasses CLASSES =
      new ClassFileImporter()
          .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
          .importPackages("com.matih.tenantmigration");

  private static final String HOUSE = "com.matih.tenantmigration.";
  private static final String ACTIVITIES = HOUSE + "activities.";
  private static final String[] STORES = {
    ACTIVITIES + "postgres..",
    ACTIVITIES + "objectstorage..",
    ACTIVITIES + "kafka..",
    ACTIVITIES + "elasticsearch..",
    ACTIVITIES + "redis.."
  };

  /** The rooms of each store, the lowest first: a room may use those before it. */
  private static final Map<String, List<String>> ROOMS =
      Map.of(
          "postgres",
          List.of(
              "sql",
              "failure",
              "sessions",
              "client",
              "programs",
              "requestsql",
              "references",
              "catalog",
              "fence",
              "ledger",
              "snapshot",
              "provision",
              "follow",
              "copy",
              "schema",
              "restore",
              "compare",
              "drain",
              "rehearsal",
              "ownership",
              "plan"),
          "objectstorage",
          List.of(
              "client", "content", "copy", "follow", "snapshot", "provision", "plan", "compare"),
          "kafka",
          List.of("client", "copy", "provision", "plan", "compare", "follow"),
          "elasticsearch",
          List.of("client", "plan", "provision", "compare", "follow", "copy"),
          "redis",
          List.of("loaders"));

  private static final int MOST_CLASSES = 25;

  @Test
  void workflowKnowsNoStore() {
    hold(
        classes()
            .that()
            .resideInAPackage(HOUSE + "workflow..")
            .should()
            .onlyDependOnClassesThat()
            .resideInAnyPackage(
                HOUSE + "workflow..",
                "java..",
                // payload encryption
                "javax.crypto..",
                "io.temporal..",
                // the bytes of Temporal's payloads
                "com.google.protobuf..",
                "com.fasterxml.jackson..",
                "org.slf4j..",
                "org.jspecify.."));
  }

  @Test
  void enginesKnowNoTemporal() {
    hold(
        noClasses()
            .that(resideInAnyPackage(STORES).and(not(simpleNameEndingWith("ActivitiesImpl"))))
            .should()
            .dependOnClassesThat()
            .resideInAPackage("io.temporal.."));
  }

  @Test
  void noStoreKnowsAnother() {
    for (String store : STORES) {
      String[] others = Arrays.stream(STORES).filter(s -> !s.equals(store)).toArray(String[]::new);
      hold(
          noClasses()
              .that()
              .resideInAPackage(store)
              .should()
              .dependOnClassesThat()
              .resideInAnyPackage(others));
    }
  }

  @Test
  void aRoomUsesOnlyRoomsBelowIt() {
    ROOMS.forEach(
        (store, rooms) -> {
          for (int i = 0; i < rooms.size(); i++) {
            List<String> above = new ArrayList<>(List.of(ACTIVITIES + store));
            rooms
                .subList(i + 1, rooms.size())
                .forEach(r -> above.add(ACTIVITIES + store + "." + r));
            hold(
                noClasses()
                    .that()
                    .resideInAPackage(ACTIVITIES + store + "." + rooms.get(i))
                    .should()
                    .dependOnClassesThat()
                    .resideInAnyPackage(above.toArray(String[]::new)));
          }
        });
  }

  @Test
  void everyRoomHasItsPlace() {
    ROOMS.forEach(
        (store, rooms) ->
            assertThat(
                    CLASSES.stream()
                        .map(JavaClass::getPackageName)
                        .filter(name -> name.startsWith(ACTIVITIES + store + "."))
                        .map(name -> name.substring((ACTIVITIES + store + ".").length())))
                .isSubsetOf(rooms));
  }

  @Test
  void noPackageHasMoreThan25Classes() {
    Map<String, Long> sizes =
        CLASSES.stream()
            .filter(JavaClass::isTopLevelClass)
            .filter(type -> !type.getSimpleName().equals("package-info"))
            .collect(groupingBy(JavaClass::getPackageName, counting()));
    sizes.values().removeIf(size -> size <= MOST_CLASSES);
    assertThat(sizes).isEmpty();
  }

  @Test
  void onlyPostgresKnowsItsDriver() {
    hold(client("org.postgresql..", "postgres"));
  }

  @Test
  void onlyObjectStorageKnowsItsClient() {
    hold(client("software.amazon.awssdk..", "objectstorage"));
  }

  @Test
  void onlyKafkaKnowsItsClient() {
    hold(client("org.apache.kafka..", "kafka"));
  }

  @Test
  void onlyElasticsearchKnowsItsClient() {
    hold(client("co.elastic.clients..", "elasticsearch"));
    hold(client("org.elasticsearch..", "elasticsearch"));
  }

  @Test
  void onlyRedisKnowsItsClient() {
    hold(client("io.lettuce..", "redis"));
  }

  @Test
  void whatEnginesShareKnowsNoEngine() {
    hold(
        noClasses()
            .that()
            .resideInAnyPackage(ACTIVITIES + "engine..", ACTIVITIES + "secrets..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(STORES));
  }

  @Test
  void storesDoNotKnowTheChecks() {
    hold(
        noClasses()
            .that()
            .resideInAnyPackage(STORES)
            .should()
            .dependOnClassesThat()
            .resideInAPackage(ACTIVITIES + "verification.."));
  }

  @Test
  void theControlPlaneKnowsNoActivity() {
    hold(
        noClasses()
            .that()
            .resideInAPackage(HOUSE + "controlplane..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage(ACTIVITIES + "."));
  }

  private static void hold(ArchRule wall) {
    wall.check(CLASSES);
  }

  private static ArchRule client(String packages, String store) {
    return noClasses()
        .that(
            resideInAPackage(ACTIVITIES + ".")
                .and(not(resideInAPackage(ACTIVITIES + store + ".."))))
        .should()
        .dependOnClassesThat()
        .resideInAPackage(packages);
  }
}

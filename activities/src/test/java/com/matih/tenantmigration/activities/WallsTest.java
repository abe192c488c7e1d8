package com.matih.tenantmigration.activities;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.simpleNameEndingWith;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
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

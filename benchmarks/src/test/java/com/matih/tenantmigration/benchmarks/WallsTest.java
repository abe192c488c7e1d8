package com.matih.tenantmigration.benchmarks;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static java.util.stream.Collectors.counting;
import static java.util.stream.Collectors.groupingBy;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The walls of this module: what it may use, and which of its packages may use which. */
class WallsTest {

  private static final String HOUSE = "com.matih.tenantmigration.";
  private static final String BENCHMARKS = HOUSE + "benchmarks";

  private static final JavaClasses CLASSES =
      new ClassFileImporter()
          .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
          .importPackages(BENCHMARKS);

  private static final int MOST_CLASSES = 25;

  @Test
  void enginesAreTimedWithoutTemporalAndTheWorker() {
    noClasses()
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("io.temporal..", HOUSE + "worker..", HOUSE + "devstack..")
        .check(CLASSES);
  }

  @Test
  void whatIsMeasuredIsNoConcernOfWhatMeasures() {
    noClasses()
        .that()
        .resideInAPackage(BENCHMARKS + ".measure")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(
            HOUSE + "activities..",
            BENCHMARKS,
            BENCHMARKS + ".stores",
            BENCHMARKS + ".postgres",
            BENCHMARKS + ".objects",
            BENCHMARKS + ".kafka",
            BENCHMARKS + ".elasticsearch",
            BENCHMARKS + ".redis")
        .check(CLASSES);
  }

  @Test
  void onlyOurContenderKnowsTheEngines() {
    classes()
        .that()
        .resideInAPackage(BENCHMARKS + "..")
        .and()
        .haveSimpleNameNotEndingWith("Engines")
        .and()
        .doNotHaveSimpleName("OwnDatabase")
        .should()
        .onlyDependOnClassesThat()
        .resideOutsideOfPackage(HOUSE + "activities..")
        .check(CLASSES);
  }

  @Test
  void noPackageUsesAnotherThatUsesIt() {
    // (**) is the whole name, so that a package and those below it are slices of their own
    slices().matching("com.matih.tenantmigration.(**)").should().beFreeOfCycles().check(CLASSES);
  }

  @Test
  void noPackageHasMoreThan25Classes() {
    Map<String, Long> sizes =
        CLASSES.stream()
            .filter(JavaClass::isTopLevelClass)
            .filter(type -> !type.getSimpleName().equals("package-info"))
            .collect(groupingBy(JavaClass::getPackageName, counting()));

    assertThat(sizes)
        .containsKeys(
            BENCHMARKS, BENCHMARKS + ".measure", BENCHMARKS + ".postgres", BENCHMARKS + ".stores");
    sizes.values().removeIf(size -> size <= MOST_CLASSES);
    assertThat(sizes).isEmpty();
  }
}

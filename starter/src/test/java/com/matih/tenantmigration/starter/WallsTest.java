package com.matih.tenantmigration.starter;

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

/** The walls of this module: which package may use which. */
class WallsTest {

  private static final String STARTER = "com.matih.tenantmigration.starter";

  private static final JavaClasses CLASSES =
      new ClassFileImporter()
          .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
          .importPackages(STARTER);

  private static final int MOST_CLASSES = 25;

  @Test
  void textsKnowTheStateOfAMigrationButNotTheClientThatReadsIt() {
    noClasses()
        .that()
        .resideInAnyPackage(
            STARTER + ".text", STARTER + ".html", STARTER + ".state", STARTER + ".layout")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(STARTER, STARTER + ".cli..")
        .check(CLASSES);
  }

  @Test
  void theClientDoesNotKnowTheCommandLine() {
    noClasses()
        .that()
        .resideInAPackage(STARTER)
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(STARTER + ".cli..", "picocli..")
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

    assertThat(sizes).containsKeys(STARTER, STARTER + ".text", STARTER + ".cli.commands");
    sizes.values().removeIf(size -> size <= MOST_CLASSES);
    assertThat(sizes).isEmpty();
  }
}

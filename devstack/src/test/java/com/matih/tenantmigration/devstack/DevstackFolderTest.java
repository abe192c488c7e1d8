package com.matih.tenantmigration.devstack;

import static org.assertj.core.api.Assertions.assertThat;

import com.matih.tenantmigration.starter.cli.TenantMigrationCommand;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

class DevstackFolderTest {

  @TempDir private Path folder;

  @ParameterizedTest
  @ValueSource(strings = {"devstack", "demo"})
  void aFolderInWhichAnotherDevstackRunsIsRefusedAndLeftAsItIs(String command) throws IOException {
    Path environment = Files.writeString(folder.resolve("devstack.env"), "A=B\n");
    try (FolderLock other = FolderLock.take(folder)) {
      assertThat(run(command, folder))
          .contains("Another devstack or demo is running in " + folder)
          .doesNotContain("unexpected");
    }
    assertThat(environment).hasContent("A=B");
  }

  @ParameterizedTest
  @ValueSource(strings = {"devstack", "demo"})
  void aFolderThatCannotBeUsedIsNamed(String command) throws IOException {
    Path file = Files.createFile(folder.resolve("file"));

    assertThat(run(command, file.resolve("below")))
        .contains(file.toString())
        .doesNotContain("unexpected");
  }

  /** What it says to the terminal. */
  private static String run(String command, Path directory) {
    StringWriter errors = new StringWriter();
    CommandLine commandLine =
        Main.commandLine()
            .setOut(new PrintWriter(new StringWriter()))
            .setErr(new PrintWriter(errors));
    assertThat(TenantMigrationCommand.execute(commandLine, command, "--dir", directory.toString()))
        .isEqualTo(1);
    return errors.toString();
  }
}

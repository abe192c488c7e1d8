package com.matih.tenantmigration.devstack;

import static org.assertj.core.api.Assertions.assertThat;

import com.matih.tenantmigration.starter.cli.CommandsPage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** The documentation of the commands says what their help says. */
class CommandsPageTest {

  @Test
  void thePageOfTheCommandsIsTheirHelp() throws IOException {
    assertThat(Files.readString(Path.of("../docs/commands.md")))
        .as("write it anew with: bin/tenant-migration commands-page > docs/commands.md")
        .isEqualTo(CommandsPage.of(Main.commandLine()));
  }
}

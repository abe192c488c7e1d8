package com.matih.tenantmigration.activities.postgres.programs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.matih.tenantmigration.workflow.FailureType;
import com.matih.tenantmigration.workflow.MigrationException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ClientProgramsTest {

  @TempDir private Path machine;
  private ClientPrograms programs;

  @BeforeEach
  void install() throws IOException {
    install(machine.resolve("path"), 14);
    install(machine.resolve("packages/9/bin"), 9);
    install(machine.resolve("packages/15/bin"), 15);
    install(machine.resolve("packages/16/bin"), 16);
    programs =
        new ClientPrograms(
            machine.resolve("nowhere") + ":" + machine.resolve("path"),
            List.of(machine.resolve("packages")));
  }

  @Test
  void thoseOnThePathAreTakenWhileTheyAreNewEnough() {
    assertThat(programs.atLeast(13).pgDump()).isEqualTo(machine.resolve("path/pg_dump"));
    assertThat(programs.atLeast(14).major()).isEqualTo(14);
  }

  @Test
  void forANewerServerTheNewestPackageIsTaken() {
    assertThat(programs.atLeast(15).pgRestore())
        .isEqualTo(machine.resolve("packages/16/bin/pg_restore"));
  }

  @Test
  void aDistributionsWrapperIsPassedByForThePackagesThatItWouldStart() throws IOException {
    Path bin = machine.resolve("bin");
    wrap(bin);

    assertThat(withPath(bin).atLeast(13).pgDump())
        .isEqualTo(machine.resolve("packages/16/bin/pg_dump"));
    assertThat(withPath(machine.resolve("path"), bin).atLeast(13).pgDump())
        .isEqualTo(machine.resolve("path/pg_dump"));
    assertThat(new ClientPrograms(bin.toString(), List.of()).atLeast(13).pgDump())
        .isEqualTo(bin.resolve("pg_dump"));
  }

  /** pg_restore 17 sets transaction_timeout, which servers before 17 do not know. */
  @Test
  void programsThatRestoreIntoOldServersByThemselvesArePreferredForThem() throws IOException {
    Path path = machine.resolve("path17");
    install(path, 17);

    assertThat(withPath(path).atLeast(15).pgDump())
        .isEqualTo(machine.resolve("packages/16/bin/pg_dump"));
    assertThat(withPath(path).atLeast(17).pgDump()).isEqualTo(path.resolve("pg_dump"));
    ClientPrograms.Programs alone = new ClientPrograms(path.toString(), List.of()).atLeast(15);
    assertThat(alone.pgDump()).isEqualTo(path.resolve("pg_dump"));
    assertThat(alone.restoreInto(16)).isFalse();
    assertThat(alone.restoreInto(17)).isTrue();
  }

  private ClientPrograms withPath(Path... folders) {
    return new ClientPrograms(
        Stream.of(folders).map(Path::toString).collect(Collectors.joining(":")),
        List.of(machine.resolve("packages")));
  }

  /** As Debian has it: links to one script that says the version of what it would start. */
  private void wrap(Path bin) throws IOException {
    Path share = machine.resolve("share");
    install(share, 16);
    Path wrapper = Files.move(share.resolve("pg_dump"), share.resolve("pg_wrapper"));
    Files.createDirectories(bin);
    for (String name : List.of("pg_dump", "pg_restore")) {
      Files.createSymbolicLink(bin.resolve(name), wrapper);
    }
  }

  @Test
  void aMachineWithOlderOnesOnlyIsToldWhichPackageItLacks() {
    assertThatThrownBy(() -> programs.atLeast(17))
        .isInstanceOfSatisfying(
            MigrationException.class, e -> assertThat(e.type()).isEqualTo(FailureType.TOOL_MISSING))
        .hasMessageContaining("version 16")
        .hasMessageContaining("postgresql-client-17");
  }

  @Test
  void aProgramThatNeverSaysItsVersionIsGivenUp() throws IOException {
    Path folder = machine.resolve("hanging");
    install(folder, 15);
    Files.writeString(folder.resolve("pg_dump"), "#!/bin/sh\nsleep 600\n");
    ClientPrograms hanging =
        new ClientPrograms(folder.toString(), List.of(), Duration.ofSeconds(1));

    assertThatThrownBy(() -> hanging.atLeast(15))
        .isInstanceOfSatisfying(
            MigrationException.class, e -> assertThat(e.type()).isEqualTo(FailureType.TOOL_FAILED))
        .hasMessageContaining("hanging/pg_dump --version")
        .hasMessageContaining("within 1 s");
  }

  private static void install(Path folder, int major) throws IOException {
    Files.createDirectories(folder);
    for (String name : List.of("pg_dump", "pg_restore")) {
      Path program = folder.resolve(name);
      Files.writeString(program, "#!/bin/sh\necho '%s (PostgreSQL) %d.3'\n".formatted(name, major));
      Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwxr-xr-x"));
    }
  }
}

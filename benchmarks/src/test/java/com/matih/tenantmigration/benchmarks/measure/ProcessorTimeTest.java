package com.matih.tenantmigration.benchmarks.measure;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/** What the kernel tells of work that is known to have been done. */
@EnabledOnOs(OS.LINUX)
class ProcessorTimeTest {

  private static final String BUSY = "i=0; while [ $i -lt 1000000 ]; do i=$((i + 1)); done";

  @Test
  void countsWhatThisProcessDoes() {
    double before = ProcessorTime.ofThisProcess();
    double begin = ownSeconds();
    while (ownSeconds() - begin < 0.2) {
      Thread.onSpinWait();
    }

    assertThat(ProcessorTime.ofThisProcess() - before).isGreaterThan(0.1);
  }

  @Test
  void countsProgramsThatThisProcessRan() throws IOException, InterruptedException {
    double before = ProcessorTime.ofThisProcess() - ownSeconds();
    Process program = new ProcessBuilder("/bin/sh", "-c", BUSY).start();
    assertThat(program.waitFor()).isZero();

    assertThat(ProcessorTime.ofThisProcess() - ownSeconds() - before).isGreaterThan(0.1);
  }

  @Test
  void countsTheSessionsOfAServerWhetherTheyHaveEndedOrNot()
      throws IOException, InterruptedException {
    String server = "( %1$s ); ( %1$s; echo done; exec sleep 60 ) & wait".formatted(BUSY);
    Process process = new ProcessBuilder("/bin/sh", "-c", server).start();
    try {
      assertThat(process.inputReader().readLine()).isEqualTo("done");

      double both = ProcessorTime.ofServer(process.pid());
      double running =
          process
              .children()
              .mapToDouble(
                  child -> child.info().totalCpuDuration().orElseThrow().toMillis() / 1000.0)
              .sum();
      assertThat(running).isPositive();
      assertThat(both).isGreaterThan(running * 1.2);
    } finally {
      process.descendants().forEach(ProcessHandle::destroyForcibly);
      process.destroyForcibly();
      process.waitFor();
    }
  }

  /** Without that of programs. */
  private static double ownSeconds() {
    return ProcessHandle.current().info().totalCpuDuration().orElseThrow().toMillis() / 1000.0;
  }
}

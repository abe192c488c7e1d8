package com.matih.tenantmigration.embedded.tools;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class UserCacheTest {

  @TempDir private Path root;

  @Test
  void whoeverUnpacksAtTheSameTimeGetsOneWholeFolderAndNothingIsLeftBeside() throws Exception {
    CyclicBarrier barrier = new CyclicBarrier(2);
    List<Thread> threads =
        Stream.generate(() -> new Thread(() -> unpackTogether(barrier))).limit(2).toList();
    threads.forEach(Thread::start);
    for (Thread thread : threads) {
      thread.join();
    }

    assertThat(root.resolve("program-1/bin/program")).hasContent("whole");
    try (Stream<Path> entries = Files.list(root)) {
      assertThat(entries).containsExactly(root.resolve("program-1"));
    }
  }

  @Test
  void whatIsThereIsNotUnpackedAgain() {
    AtomicInteger calls = new AtomicInteger();
    for (int i = 0; i < 2; i++) {
      UserCache.folder(root, "program-1", folder -> calls.incrementAndGet());
    }

    assertThat(calls).hasValue(1);
  }

  @Test
  void anUnpackingThatFailsLeavesNothing() {
    assertThatThrownBy(
            () ->
                UserCache.folder(
                    root,
                    "program-1",
                    folder -> {
                      Files.writeString(folder.resolve("half"), "half");
                      throw new IOException("the disk is full");
                    }))
        .isInstanceOf(UncheckedIOException.class)
        .hasMessageContaining("program-1")
        .hasRootCauseMessage("the disk is full");
    assertThat(root).isEmptyDirectory();
  }

  private void unpackTogether(CyclicBarrier barrier) {
    UserCache.folder(
        root,
        "program-1",
        folder -> {
          try {
            barrier.await();
          } catch (Exception e) {
            throw new IOException("the other thread is gone", e);
          }
          Files.createDirectory(folder.resolve("bin"));
          Files.writeString(folder.resolve("bin/program"), "whole");
        });
  }
}

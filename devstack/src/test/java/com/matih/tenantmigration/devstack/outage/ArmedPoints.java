package com.matih.tenantmigration.devstack.outage;

import static java.util.function.Predicate.not;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.OptionalLong;

/**
 * The test's side of {@link FaultGate}: which point each tenant's migration is to be held at.
 *
 * @param folder where both sides leave their files
 */
record ArmedPoints(Path folder) {

  static final String FAIL = "fail";

  /** Has the next thread held that comes there. */
  void arm(String tenant, String point) {
    write(tenant + ".armed", point);
  }

  /** Takes back what was armed and not reached. */
  void disarm(String tenant) {
    try {
      Files.deleteIfExists(folder.resolve(tenant + ".armed"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The process whose thread is held now; the next call looks for another one. */
  OptionalLong held(String tenant) {
    Path held = folder.resolve(tenant + ".held");
    try {
      long process = Long.parseLong(Files.readString(held));
      Files.delete(held);
      return OptionalLong.of(process);
    } catch (NoSuchFileException e) {
      return OptionalLong.empty();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Lets the held thread go on. */
  void release(String tenant) {
    write(tenant + ".go", "on");
  }

  /** Has the held thread fail. */
  void fail(String tenant) {
    write(tenant + ".go", FAIL);
  }

  /** The points that a tenant's migration has come to, in that order, each once. */
  List<String> reached(String tenant) {
    try {
      return Files.readAllLines(folder.resolve(tenant + ".reached")).stream()
          .filter(not(String::isEmpty))
          .distinct()
          .toList();
    } catch (NoSuchFileException e) {
      return List.of();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void write(String name, String text) {
    try {
      Path file = folder.resolve(name + ".new");
      Files.writeString(file, text);
      Files.move(file, folder.resolve(name), StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}

package com.matih.tenantmigration.devstack.outage;

import com.matih.tenantmigration.activities.engine.fault.FaultInjector;
import com.matih.tenantmigration.activities.engine.fault.FaultPoint;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.MDC;

/**
 * Holds a worker's thread at the fault point that {@link ArmedPoints} names for its tenant, until
 * the test has done there what it wants. Works through files, so that the worker may be a process
 * of its own; in one that is told no folder it does nothing.
 */
public final class FaultGate implements FaultInjector {

  /** The system property that names the folder. */
  static final String FOLDER = "fault.points";

  private static final long POLL_MILLIS = 20;

  private final @Nullable Path folder =
      System.getProperty(FOLDER) == null ? null : Path.of(System.getProperty(FOLDER));
  private final Set<String> seen = ConcurrentHashMap.newKeySet();

  @Override
  public void reached(FaultPoint point) {
    String tenant = MDC.get("tenant");
    if (folder == null || tenant == null) {
      return;
    }
    try {
      if (seen.add(tenant + " " + point)) {
        note(folder.resolve(tenant + ".reached"), point);
      }
      if (isArmed(folder, tenant, point)) {
        hold(folder, tenant);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void note(Path file, FaultPoint point) throws IOException {
    Files.writeString(file, point + "\n", StandardOpenOption.CREATE, StandardOpenOption.APPEND);
  }

  /** Of several threads that come to the point one is held. */
  private static boolean isArmed(Path folder, String tenant, FaultPoint point) throws IOException {
    Path armed = folder.resolve(tenant + ".armed");
    try {
      if (!Files.readString(armed).equals(point.toString())) {
        return false;
      }
      Files.move(armed, folder.resolve(tenant + ".taken"), StandardCopyOption.ATOMIC_MOVE);
      return true;
    } catch (NoSuchFileException e) {
      return false;
    }
  }

  private static void hold(Path folder, String tenant) throws IOException {
    Path written = folder.resolve(tenant + ".pid");
    Files.writeString(written, String.valueOf(ProcessHandle.current().pid()));
    Files.move(written, folder.resolve(tenant + ".held"), StandardCopyOption.ATOMIC_MOVE);
    Path go = folder.resolve(tenant + ".go");
    try {
      while (!Files.exists(go)) {
        Thread.sleep(POLL_MILLIS);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return;
    }
    boolean fails = Files.readString(go).equals(ArmedPoints.FAIL);
    Files.delete(go);
    if (fails) {
      throw new IllegalStateException("a failure that a test asked for");
    }
  }
}

package com.matih.tenantmigration.worker.secrets;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;

/** What others can see of a worker while it works, looked at again and again. */
final class Samples implements AutoCloseable {

  private static final long PAUSE_MILLIS = 200;

  private final ProcessHandle worker;
  private final TemporalRecords records;
  private final Set<String> processes = ConcurrentHashMap.newKeySet();
  private final Map<String, StringBuilder> descriptions = new ConcurrentHashMap<>();
  private final Thread thread = new Thread(this::look, "samples");

  Samples(ProcessHandle worker, TemporalRecords records) {
    this.worker = worker;
    this.records = records;
    thread.start();
  }

  /** Looks at a workflow too. */
  void watch(String workflowId) {
    descriptions.put(workflowId, new StringBuilder());
  }

  private void look() {
    try {
      while (!Thread.currentThread().isInterrupted()) {
        worker.descendants().forEach(this::look);
        descriptions.forEach(
            (id, seen) -> seen.append(new String(records.description(id), ISO_8859_1)));
        Thread.sleep(PAUSE_MILLIS);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void look(ProcessHandle child) {
    for (String file : new String[] {"cmdline", "environ"}) {
      try {
        processes.add(
            file + "=" + Files.readString(Path.of("/proc/" + child.pid(), file), ISO_8859_1));
      } catch (IOException e) {
        // it has ended
      }
    }
  }

  /** Command lines and environments of the worker's children, one a line. */
  String processes() {
    return new TreeSet<>(processes)
        .stream().map(each -> each.replace('\0', ' ')).collect(Collectors.joining("\n"));
  }

  /** What Temporal told of the workflows meanwhile. */
  byte[] descriptions() {
    return String.join("", descriptions.values()).getBytes(ISO_8859_1);
  }

  @Override
  public void close() {
    thread.interrupt();
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}

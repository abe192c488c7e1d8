package com.matih.tenantmigration.embedded.tools;

import com.matih.tenantmigration.embedded.process.Programs;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** A Chromium of this machine, which loads a page, runs its scripts and tells what it shows. */
public final class Browser {

  private static final Duration PATIENCE = Duration.ofSeconds(60);

  /** Let only the page itself use the network, and need neither a screen nor a profile. */
  private static final List<String> QUIET =
      List.of(
          "--headless",
          "--no-sandbox",
          "--disable-gpu",
          "--disable-quic",
          "--no-first-run",
          "--disable-background-networking",
          "--disable-component-update",
          "--disable-sync",
          "--virtual-time-budget=20000",
          "--dump-dom");

  private Browser() {}

  /** Where it is installed. */
  public static Optional<Path> find() {
    return Stream.of("chromium", "chromium-browser", "google-chrome")
        .flatMap(name -> Programs.onPath(name).stream())
        .findFirst();
  }

  /**
   * The page's document after its scripts have run.
   *
   * @param folder an empty folder for the browser's profile and output
   */
  public static String document(String url, Path folder) throws IOException, InterruptedException {
    Path document = folder.resolve("document.html");
    Process process =
        new ProcessBuilder(
                Stream.of(
                        Stream.of(find().orElseThrow().toString()),
                        QUIET.stream(),
                        Stream.of("--user-data-dir=" + folder.resolve("profile"), url))
                    .flatMap(words -> words)
                    .toList())
            .redirectOutput(document.toFile())
            .redirectError(folder.resolve("browser.log").toFile())
            .start();
    try {
      if (!process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
        throw new IOException("the browser did not show %s in time".formatted(url));
      }
    } finally {
      process.descendants().forEach(ProcessHandle::destroyForcibly);
      process.destroyForcibly().waitFor();
    }
    return Files.readString(document, StandardCharsets.UTF_8);
  }
}

package com.matih.tenantmigration.embedded.process;

import com.matih.tenantmigration.embedded.child.GuardedMain;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Commands that run a main in a small JVM of its own, which ends when its parent does. */
public final class JvmCommand {

  /** An option for servers that log through SLF4J: warnings alone, to standard output. */
  public static final String OWN_LOGGING =
      "-Dlogback.configurationFile="
          + GuardedMain.class.getPackageName().replace('.', '/')
          + "/logback.xml";

  /** Glibc's arenas, one a thread by default, would outweigh the heap of a small JVM. */
  private static final String ARENAS = "MALLOC_ARENA_MAX";

  private JvmCommand() {}

  /**
   * The command.
   *
   * @param main the name of the class that is run under the guard
   */
  public static List<String> of(
      Path data, int heapMegabytes, List<String> options, String main, List<String> arguments) {
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx" + heapMegabytes + "m",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                // released code, whose verification is a seventh of a server's start
                "-XX:+UnlockDiagnosticVMOptions",
                "-XX:-BytecodeVerificationRemote",
                "-XX:+ExitOnOutOfMemoryError",
                // would be left behind in the machine's temporary folder
                "-XX:-UsePerfData",
                "-Djava.io.tmpdir=" + temporaryFolder(data),
                "-Djava.awt.headless=true",
                "-Dfile.encoding=UTF-8"));
    command.addAll(options);
    command.add(GuardedMain.class.getName());
    command.add(main);
    command.addAll(arguments);
    return command;
  }

  /** The environment for a child with this JVM's own class path. */
  public static Map<String, String> withOwnClassPath() {
    return withClassPath(
        Stream.of(System.getProperty("java.class.path").split(File.pathSeparator))
            .filter(entry -> !entry.isEmpty())
            .map(Path::of)
            .toList());
  }

  /** The environment for a child that sees this module's own classes and the given jars alone. */
  public static Map<String, String> withJars(List<Path> jars) {
    return withClassPath(Stream.concat(Stream.of(ownClasses()), jars.stream()).toList());
  }

  /** As a variable, the class path does not swell the output of ps. */
  private static Map<String, String> withClassPath(List<Path> entries) {
    return Map.of(
        "CLASSPATH",
        entries.stream()
            .map(entry -> entry.toAbsolutePath().toString())
            .collect(Collectors.joining(File.pathSeparator)),
        ARENAS,
        "2");
  }

  private static Path ownClasses() {
    try {
      return Path.of(GuardedMain.class.getProtectionDomain().getCodeSource().getLocation().toURI());
    } catch (URISyntaxException e) {
      throw new IllegalStateException("the place of this module's classes is no path", e);
    }
  }

  private static Path temporaryFolder(Path data) {
    try {
      return Files.createDirectories(data.resolve("tmp"));
    } catch (IOException e) {
      throw new UncheckedIOException("cannot create a temporary folder in " + data, e);
    }
  }
}
